"""What one message names, and another one names again: what matches a pattern, parts of a list."""

from __future__ import annotations

import json
import re
from typing import Any

from generate.saying import said, share

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.matched import also_said_before
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.recipes import recipe
from pytest_routes.generate.vocabulary import mine
from pytest_routes.generate.vocabulary.terms import Shape, Term

SEAT = re.compile(r"[A-Z][0-9]{2}")


async def _seats(ws: Any) -> None:
    async for data in ws.iter_json():
        if not isinstance(data["seat"], str) or not SEAT.fullmatch(data["seat"]):
            await ws.send_text("no seat")
        elif not isinstance(data["beside"], str) or not SEAT.fullmatch(data["beside"]):
            await ws.send_text("no other seat")
        else:
            await ws.send_text("seated")


def _named_by_another(data: list[dict[str, Any]]) -> bool:
    seats = [each["seat"] for each in data if each.get("seat") != each.get("beside")]
    return any(each.get("beside") in seats and len(str(each["beside"])) == 3 for each in data)


def test_what_matches_a_pattern_is_named_by_other_messages() -> None:
    found = 0
    everything = list(said(_seats, conversations=100, each=5))
    for start in range(0, len(everything), 5):
        read = []
        for text in everything[start : start + 5]:
            try:
                value = json.loads(text)
            except ValueError:
                continue
            read += (
                [value] if isinstance(value, dict) and isinstance(value.get("seat"), str) else []
            )
        found += _named_by_another(read)
    assert found > 15


def test_what_matched_before_is_said_again_if_it_matches_and_another_part_did_not_say_it() -> None:
    make = also_said_before(Term("field", "a"), "[a-z]+", Shape(), lambda c, m: "new")  # noqa: ARG005
    memory = Memory()
    memory.words = ["old", "A1"]
    choices = RandomChoices(1)
    assert {make(choices, memory) for _ in range(40)} == {"old"} | {"new"}
    memory.current = ["old", "new"]
    assert {make(choices, memory) for _ in range(40)} == {"new"}


async def _names(ws: Any) -> None:
    async for data in ws.iter_json():
        name = data["name"]
        if not isinstance(name, str) or "/" in name or name.startswith("."):
            await ws.send_text("no name")
        elif data["size"] > 3:
            await ws.send_text("stored")


def test_what_a_name_must_not_contain_is_not_often_in_it() -> None:
    refused = share(_names, lambda data: '"name": "/' in data or '"name": "."' in data)
    assert 0 < refused < 0.1


async def _points(ws: Any) -> None:
    seen = set()
    async for data in ws.iter_json():
        match data:
            case {"at": [int(x), str(y)]} if (x, y) not in seen:
                seen.add((x, y))
                await ws.send_text("new")


def test_a_new_list_differs_in_one_part_from_another_one() -> None:
    alike = 0
    everything = list(said(_points, conversations=100, each=5))
    for start in range(0, len(everything), 5):
        lists = []
        for text in everything[start : start + 5]:
            try:
                lists.append(json.loads(text)["at"])
            except (ValueError, TypeError, KeyError):
                continue
        lists = [each for each in lists if isinstance(each, list) and len(each) == 2]
        alike += any(a[0] == b[0] and a[1] != b[1] for a in lists for b in lists)
    assert alike > 15


async def _both(ws: Any) -> None:
    async for data in ws.iter_json():
        one, two = data.get("one"), data.get("two")
        if all(isinstance(each, str) and each.startswith("#") for each in (one, two)):
            await ws.send_text("both")


def test_what_is_asked_of_each_of_several_parts_is_asked_of_all() -> None:
    (site,) = mine(_both).sites
    asked = [(c.term.key, c.operation) for c in site.shapes[-1].conditions]
    assert asked == [("one", "type"), ("one", "prefix"), ("two", "type"), ("two", "prefix")]


async def _anchored(ws: Any) -> None:
    async for data in ws.iter_json():
        after = data.get("after")
        place = None if after is None else (after[0], after[1])
        await ws.send_text(f"{place} {data['text']}")


def test_what_is_taken_apart_only_if_it_is_there_is_often_left_out_elsewhere() -> None:
    (site,) = mine(_anchored).sites
    plain = site.shapes[0]
    assert [term.key for term in plain.reads if term.role == "index"] == []
    make, choices, memory = recipe(site.term, plain), RandomChoices(1), Memory()
    memory.clean = memory.earnest = True
    made = [make(choices, memory) for _ in range(100)]
    assert 60 < sum("after" not in each for each in made) < 95
