"""Whether an answer fits the declared type."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel, Field, computed_field

from pytest_routes.generate.answers import Fitting, fits


class Reply(BaseModel):
    id: int
    sent_at: dt.datetime = Field(alias="sentAt")
    price: Decimal | None = None

    @computed_field
    @property
    def even(self) -> bool:
        return self.id % 2 == 0


class Item(msgspec.Struct, rename="camel"):
    item_id: int
    label: str = ""


@dataclasses.dataclass
class Basket:
    owner: str
    items: list[Item]


RIGHT = {"id": 1, "sentAt": "2024-01-31T00:00:00", "price": None, "even": False}


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (RIGHT, Reply),
        ({**RIGHT, "price": "1.5"}, Reply),
        # Litestar writes names unless it is told to write aliases.
        ({"id": 1, "sent_at": "2024-01-31T00:00:00", "even": False}, Reply),
        ({"itemId": 1}, Item),
        ({"owner": "a", "items": [{"itemId": 1, "label": "x"}]}, Basket),
        ([1, "a"], tuple[int, str]),
        ({"1": 2}, dict[int, int]),
        ([3, 1], set[int]),
        (1.0, int),
        (1, float),
        (None, int | None),
        ({"whatever": 1}, Any),
        ({"whatever": 1}, object),
    ],
    ids=str,
)
def test_an_answer_that_fits(value: Any, annotation: Any) -> None:
    assert fits(value, annotation)


@pytest.mark.parametrize(
    ("annotation", "value", "problem"),
    [
        (int, "1", "expected integer, got '1'"),
        (int, True, "expected integer, got True"),
        (Reply, {**RIGHT, "id": "1"}, ".id: expected integer, got '1'"),
        (Reply, {"id": 1}, "expected a member 'sentAt', got {'id': 1}"),
        (
            Basket,
            {"owner": "a", "items": [{"itemId": 1}, {"itemId": None}]},
            ".items[1].itemId: expected integer, got None",
        ),
        (tuple[int, str], [1], "expected at least 2 items, got 1: [1]"),
        (list[int] | None, {"a": 1}, "expected array or null, got {'a': 1}"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_told_with_its_place(
    annotation: Any, value: Any, problem: str
) -> None:
    assert Fitting(annotation).problem(value) == problem


@pytest.mark.parametrize("annotation", [Any, object, AsyncGenerator[int, None]], ids=str)
def test_every_answer_fits_a_type_that_says_nothing(annotation: Any) -> None:
    assert fits({"a": [1]}, annotation)
