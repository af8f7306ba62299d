from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_routes.generate.breaking import (
    broken,
    broken_bytes,
    broken_text,
    opened,
    places,
)
from pytest_routes.generate.choices import RandomChoices

ORDER = {"id": 1, "items": [{"sku": "a", "count": 2}], "note": None}


def every(value: Any, count: int = 2000) -> list[Any]:
    choices = RandomChoices(1)
    return [broken(choices, value) for _ in range(count)]


def test_each_way_of_breaking_occurs() -> None:
    found = {json.dumps(value) for value in every({"a": 1, "b": "x"})}
    assert found >= {
        '{"b": "x"}',  # missing
        '{"a": null, "b": "x"}',  # null
        '{"a": "a", "b": "x"}',  # another type
        '{"b": "x", "A": 1}',  # renamed
        '{"a": 1, "b": "x", "extra": null}',  # added
    }


def test_places_deep_inside_are_broken() -> None:
    found = [value for value in every(ORDER) if isinstance(value.get("items"), list)]
    assert any(value["items"] == [{"sku": "a"}] for value in found)
    assert any(value["items"] == [] for value in found)


def test_the_value_itself_is_left_alone() -> None:
    before = json.dumps(ORDER)
    every(ORDER, 300)
    assert json.dumps(ORDER) == before


def test_exactly_one_place_is_broken() -> None:
    for value in every({"a": 1, "b": "x", "c": True}):
        same = sum(
            key in value and value[key] == known
            for key, known in (("a", 1), ("b", "x"), ("c", True))
        )
        assert same >= 2


@pytest.mark.parametrize("value", [1, "a", None, True, 1.5])
def test_a_scalar_becomes_another_type(value: Any) -> None:
    assert all(type(found) is not type(value) or found != value for found in every(value, 100))


def test_places_are_listed_outermost_first() -> None:
    assert [key for _, key in places(ORDER)] == ["id", "items", "note", 0, "sku", "count"]


def test_a_place_can_be_filled() -> None:
    choices = RandomChoices(1)
    for value in (ORDER, {}, [], 7):
        _, fill = opened(choices, value)
        assert '"leaf"' in json.dumps(fill("leaf"))


def test_broken_texts_and_bytes_differ_from_what_they_were() -> None:
    choices = RandomChoices(1)
    texts = {broken_text(choices, "SET key 1") for _ in range(300)}
    assert texts >= {"SET key ", "SET key", "set KEY 1", "SET  key  1", "SET key 1 extra"}
    data = {broken_bytes(choices, b"\x01\x02\x03\x04") for _ in range(300)}
    assert data >= {b"\x01\x02\x03", b"\x01", b"\xfe\x02\x03\x04", b"\x01\x02\x03\x04\x00"}
    assert broken_bytes(choices, b"") in (b"", b"\x00")
