"""What is mined of parts of a message that are looked up together, and in slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pytest_routes.generate.vocabulary import Shape, mine


def saying(handler: Any, value: str) -> list[Shape]:
    """The shapes that ask for a value."""
    (site,) = mine(handler).sites
    return [s for s in site.shapes if any(value in c.values for c in s.conditions)]


def told(shapes: list[Shape]) -> set[Any]:
    """The keys of what the branches look up."""
    conditions = [c for shape in shapes for c in shape.conditions]
    return {c.term.key for c in conditions if c.holds and c.operation == "told"}


@dataclass(slots=True)
class Shelves:
    boxes: dict[tuple[int, int], str] = field(default_factory=dict)


shelves = Shelves()


async def _by_list(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        row, column = data["place"]
        if data["do"] == "store":
            shelves.boxes[row, column] = "box"
        elif data["do"] == "fetch":
            if (row, column) not in shelves.boxes:
                await ws.send_json({"error": "empty"})
            else:
                await ws.send_json(shelves.boxes[row, column])


def test_a_list_whose_items_are_looked_up_together_is_looked_up_as_a_whole() -> None:
    assert told(saying(_by_list, "fetch")) == {"place"}
    assert told(saying(_by_list, "store")) == set()


async def _by_members(ws: Any) -> None:
    stored: dict[tuple[int, int], str] = {}
    while True:
        data = await ws.receive_json()
        place = (data["row"], data["column"])
        if data["do"] == "store":
            stored[place] = "box"
        elif data["do"] == "fetch" and place in stored:
            await ws.send_json(stored[place])


def test_members_that_are_looked_up_together_are_each_known() -> None:
    assert told(saying(_by_members, "fetch")) == {"row", "column"}


MOVES = {("idle", "go"): "moving", ("moving", "halt"): "idle"}


async def _by_table(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        if (data["state"], data["do"]) in MOVES:
            await ws.send_json(MOVES[data["state"], data["do"]])


def test_what_a_table_of_the_source_lists_is_nothing_that_the_application_told() -> None:
    (site,) = mine(_by_table).sites
    assert told(list(site.shapes)) == set()


@dataclass(slots=True)
class Inks:
    prices: dict[str, int]


inks = Inks({"cyan": 3, "magenta": 4})


async def _in_a_slot(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        if data["ink"] in inks.prices:
            await ws.send_json(inks.prices[data["ink"]])


def test_what_a_slot_lists_is_compared_with() -> None:
    assert len(saying(_in_a_slot, "cyan")) == 1
