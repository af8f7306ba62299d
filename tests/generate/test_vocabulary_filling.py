"""What is mined, and said, of dicts that the application fills behind the place of a lookup."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from generate.saying import remembered

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.recipes import recipe
from pytest_routes.generate.vocabulary import Term, mine

SHELVES = {"floor": None}


def field(handler: Any, name: str) -> Term:
    (site,) = mine(handler).sites
    return site.term.children.get(("json", None), site.term).children["field", name]


def asked(handler: Any, name: str) -> set[tuple[str, tuple[Any, ...]]]:
    (site,) = mine(handler).sites
    return {
        (c.operation, c.values)
        for shape in site.shapes
        for c in shape.conditions
        if c.term is field(handler, name)
    }


class Shop:
    def __init__(self) -> None:
        self.aisles: dict[str, Any] = {"entrance": None}
        self.boxes: dict[int, str] = {0: "lid"}
        self.free = 1
        self.numbers = count(1)

    def build(self, beside: str) -> str:
        if beside not in self.aisles:
            raise LookupError(beside)
        name = f"aisle-{next(self.numbers)}"
        self.aisles[name] = beside
        return name

    def pack(self, onto: int) -> int:
        if onto not in self.boxes:
            raise LookupError(onto)
        box, self.free = self.free, self.free + 1
        self.boxes[box] = "new"
        return box


async def _aisles(ws: Any) -> None:
    shop = Shop()
    while True:
        message = json.loads(await ws.receive_text())
        await ws.send_text(shop.build(message["beside"]))


async def _boxes(ws: Any) -> None:
    shop = Shop()
    while True:
        message = json.loads(await ws.receive_text())
        await ws.send_text(str(shop.pack(message["onto"])))


async def _shelves(ws: Any) -> None:
    numbers = count(1)
    async for message in ws.iter_json():
        if message["above"] in SHELVES:
            shelf = f"shelf-{next(numbers)}"
            SHELVES[shelf] = None
            await ws.send_text(shelf)


@pytest.mark.parametrize(
    ("handler", "name", "first"),
    [
        (_aisles, "beside", "entrance"),
        (_boxes, "onto", 0),
        (_shelves, "above", "floor"),
    ],
)
def test_what_a_dict_holds_first_is_not_all_where_it_is_filled_later_in_the_source(
    handler: Any, name: str, first: Any
) -> None:
    assert asked(handler, name) == {("told", (first,))}


class Registry:
    def __init__(self) -> None:
        self.commands: dict[str, Any] = {"ping": print}

    def register(self, name: str, command: Any) -> None:
        self.commands[name] = command


async def _registered(ws: Any) -> None:
    registry = Registry()
    async for message in ws.iter_json():
        if message["command"] in registry.commands:
            await ws.send_text("known")


def test_what_only_registers_commands_does_not_fill_a_dict() -> None:
    assert asked(_registered, "command") == {("is", ("ping",))}


class Tree:
    def __init__(self) -> None:
        self.leaves: dict[str, str] = {}
        self.colours: dict[str, str] = {}

    def leaf(self, name: Any) -> str:
        if name not in self.leaves:
            raise LookupError(name)
        return self.leaves[name]


async def _tree(ws: Any) -> None:
    tree = Tree()
    while True:
        message = json.loads(await ws.receive_text())
        if message["do"] == "graft":
            if tree.leaf(message["leaf"]) != tree.leaf(message["onto"]):
                await ws.send_text("grafted")
        elif message["do"] == "paint":
            await ws.send_text(tree.colours[message["colour"]])


def test_keys_that_are_looked_up_in_one_place_name_things_of_one_kind() -> None:
    assert list(field(_tree, "leaf").among) == ["leaves"]
    assert list(field(_tree, "onto").among) == ["leaves"]
    assert list(field(_tree, "colour").among) == ["colours"]


_TOLD = ("k1", "k2")


def _grafts() -> list[Any]:
    (site,) = mine(_tree).sites
    memory = remembered(
        ("C", '{"do": "graft", "leaf": "x", "onto": "y"}'),
        ("S", '{"leaf": "k1"}'),
        ("C", '{"do": "graft", "leaf": "k1", "onto": "y"}'),
        ("S", '{"leaf": "k2"}'),
    )
    memory.earnest = memory.clean = True
    term = site.term.children["json", None]
    shape = max(
        (s for s in site.shapes if any(c.values == ("graft",) for c in s.conditions)),
        key=lambda s: len(s.conditions),
    )
    return [recipe(term, shape)(RandomChoices(seed), memory) for seed in range(200)]


def test_what_was_told_under_one_key_is_said_under_another_that_is_looked_up_there() -> None:
    assert sum(made.get("onto") in _TOLD for made in _grafts()) > 100


def test_two_members_of_one_message_rather_name_two_things() -> None:
    named = [m for m in _grafts() if all(m.get(key) in _TOLD for key in ("leaf", "onto"))]
    same = [m for m in named if m["leaf"] == m["onto"]]
    assert 0 < len(same) < len(named) / 4
