"""What is mined where a table says, for each kind of message, what else is in it."""

from __future__ import annotations

import enum
import json
import struct
from typing import Any

import pydantic
import pytest
from generate.saying import said, share

from pytest_routes.generate.command_groups import by_command
from pytest_routes.generate.vocabulary import Shape, Site, Term, mine


def site_of(handler: Any) -> Site:
    (site,) = mine(handler).sites
    return site


def shape_of(handler: Any, value: Any) -> Shape:
    """The fullest shape that asks for just this value."""
    shapes = [
        shape
        for shape in site_of(handler).shapes
        if any(c.operation == "is" and c.values == (value,) for c in shape.conditions)
    ]
    return max(shapes, key=lambda shape: (len(shape.conditions), len(shape.reads)))


def read(shape: Shape, role: str) -> set[Any]:
    return {term.key for term in shape.reads if term.role == role}


# The names of what a command takes.

TAKES: dict[str, tuple[str, ...]] = {"lift": ("box", "height"), "drop": ("box",)}


async def _listed(ws: Any) -> None:
    while True:
        line = await ws.receive_text()
        name, *words = line.split(" ")
        wanted = TAKES[name]
        given = dict(word.split("=", 1) for word in words if "=" in word)
        missing = [key for key in wanted if not given.get(key)]
        if missing:
            await ws.send_text("error: missing")
            continue
        await ws.send_text(str({key: given[key] for key in wanted}))


def test_each_command_reads_the_options_that_its_entry_lists() -> None:
    assert read(shape_of(_listed, "lift"), "field") == {"box", "height"}
    assert read(shape_of(_listed, "drop"), "field") == {"box"}


def test_an_option_is_needed_whose_want_is_refused() -> None:
    needed = shape_of(_listed, "lift").needed
    assert {term.key for term in needed} == {"box", "height"}


def test_the_options_are_said() -> None:
    def whole(line: Any) -> bool:
        words = str(line).split(" ")
        keys = {word.partition("=")[0] for word in words[1:]}
        return words[0] in TAKES and keys == set(TAKES[words[0]])

    assert share(_listed, whole) > 0.5


# Layouts of bytes.

FORMATS = {1: ">HH", 2: ">HbB", 3: ">H"}
STRUCTS = {kind: struct.Struct(layout) for kind, layout in FORMATS.items()}


async def _formats(ws: Any) -> None:
    stations: dict[int, int] = {}
    while True:
        frame = await ws.receive_bytes()
        if not frame or frame[0] not in FORMATS:
            continue
        number, *values = struct.unpack(FORMATS[frame[0]], frame[1:])
        if frame[0] == 1:
            stations[number] = values[0]
            continue
        if number not in stations:
            continue
        if frame[0] == 2:
            degrees, humidity = values
            if humidity > 100:
                continue
            await ws.send_text(str(degrees))


async def _structs(ws: Any) -> None:
    while True:
        frame = await ws.receive_bytes()
        if frame[:1] and frame[0] in STRUCTS:
            number, *values = STRUCTS[frame[0]].unpack(frame[1:])
            await ws.send_text(f"{number} {values}")


class _Machine:
    def __init__(self) -> None:
        self.known: dict[int, int] = {}
        self.table = {
            1: (struct.Struct(">HH"), self.add),
            2: (struct.Struct(">HbB"), self.move),
            3: (struct.Struct(">H"), self.drop),
        }

    def add(self, number: int, height: int) -> None:
        self.known[number] = height

    def move(self, number: int, by: int, speed: int) -> None:
        if number in self.known and speed < 7:
            self.known[number] += by

    def drop(self, number: int) -> None:
        self.known.pop(number)


async def _handlers(ws: Any) -> None:
    machine = _Machine()
    while True:
        frame = await ws.receive_bytes()
        layout, handler = machine.table[frame[0]]
        handler(*layout.unpack(frame[1:]))


@pytest.mark.parametrize("handler", [_formats, _structs, _handlers])
def test_each_kind_of_message_has_its_own_layout(handler: Any) -> None:
    for kind, layout in FORMATS.items():
        assert read(shape_of(handler, kind), "struct") == {layout}


@pytest.mark.parametrize("handler", [_formats, _structs, _handlers])
def test_messages_are_as_long_as_their_layout(handler: Any) -> None:
    sizes = {kind: 1 + struct.calcsize(layout) for kind, layout in FORMATS.items()}
    assert share(handler, lambda data: data and len(data) == sizes.get(data[0])) > 0.5


def _layout(handler: Any, layout: str) -> Term:
    (found,) = (t for t in site_of(handler).term.walk() if t.role == "struct" and t.key == layout)
    return found


def test_what_is_asked_of_a_number_is_asked_in_the_layout_of_its_branch() -> None:
    bounds = {
        layout: [child.bounds for child in _layout(_formats, layout).of("index")]
        for layout in FORMATS.values()
    }
    assert bounds == {">HH": [[], []], ">HbB": [[], [], [100]], ">H": [[]]}


def test_a_number_is_looked_up_in_every_layout_that_has_it() -> None:
    assert _layout(_formats, ">HbB").of("index")[0].told
    assert _layout(_formats, ">H").of("index")[0].told


@pytest.mark.parametrize("handler", [_formats, _handlers])
def test_a_number_under_which_something_is_kept_is_said_again(handler: Any) -> None:
    conversation: list[bytes] = []
    again = total = 0
    for position, data in enumerate(said(handler, conversations=200, each=5)):
        conversation = [] if position % 5 == 0 else conversation
        assert isinstance(data, bytes)
        if data[:1] == b"\x02" and len(data) == 5 and any(d[0] == 1 for d in conversation):
            total += 1
            again += data[1:3] in [d[1:3] for d in conversation if d[0] == 1]
        if len(data) >= 3:
            conversation.append(data)
    assert total > 50
    assert again / total > 0.5


async def _rest_before_last(ws: Any) -> None:
    frame = await ws.receive_bytes()
    first, *middle, last = struct.unpack(">BHHHB", frame)
    if first == 7 and last == 9:
        await ws.send_text(str(middle[1]))


def test_a_name_behind_the_rest_is_the_last_number() -> None:
    children = _layout(_rest_before_last, ">BHHHB").children
    assert {key: child.values for (_, key), child in children.items() if child.values} == {
        0: [7],
        4: [9],
    }


# Methods by name.


class _Kind(enum.Enum):
    open = "open"
    close = "close"


class _Order(pydantic.BaseModel):
    kind: _Kind


class _Gate:
    def ensure(self, order: _Order) -> str:
        return f"ensured {order.kind}"

    def open(self, order: _Order) -> str:
        return self.ensure(order)

    def close(self, order: _Order) -> str:
        return f"closed {order.kind}"


async def _methods(ws: Any) -> None:
    gate = _Gate()
    while True:
        order = _Order.model_validate_json(await ws.receive_text())
        await ws.send_text(getattr(gate, order.kind.value)(order))


def test_methods_are_named_that_the_declared_type_lists() -> None:
    (kind,) = (t for t in site_of(_methods).term.walk() if t.key == "kind")
    assert kind.values == ["open", "close"]
    assert share(_methods, lambda text: "ensure" in text) == 0


# Lists, and the order of commands.


async def _teams(ws: Any) -> None:
    while True:
        names = json.loads(await ws.receive_text())["names"]
        if not isinstance(names, list) or not 11 <= len(names) <= 20:
            continue
        if all(isinstance(n, str) for n in names) and len(set(names)) == len(names):
            await ws.send_text("a team")


def test_many_items_that_must_differ_do() -> None:
    assert share(_teams, _is_team) > 0.3


def _is_team(text: Any) -> bool:
    try:
        names = json.loads(text)["names"]
        return len(names) > 10 and len(set(names)) == len(names)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


async def _scores(ws: Any) -> None:
    while True:
        score = json.loads(await ws.receive_text())["score"]
        if not isinstance(score, list) or len(score) != 2:
            continue
        if all(type(goals) is int for goals in score) and score[0] > score[1]:
            await ws.send_text("won")


def test_items_that_are_compared_are_of_the_type_of_all_items() -> None:
    def numbers(text: Any) -> bool:
        try:
            return all(type(goals) is int for goals in json.loads(text)["score"])
        except (ValueError, TypeError, KeyError, RecursionError):
            return False

    assert share(_scores, numbers) > 0.6


async def _ordered(ws: Any) -> None:
    while True:
        match json.loads(await ws.receive_text()):
            case {"do": "open", "book": str(book), "page": int(page)}:
                await ws.send_text(f"{book} {page}")
            case {"do": "turn", "by": by}:
                await ws.send_text(f"{by}")
            case {"do": "close"}:
                await ws.send_text("closed")


async def _checked_first(ws: Any) -> None:
    while True:
        data = json.loads(await ws.receive_text())
        if data["do"] in ("close", "turn") and len(data["by"]) > 5:
            continue
        if data["do"] == "open":
            await ws.send_text("open")
        elif data["do"] == "turn":
            await ws.send_text("turned")
        elif data["do"] == "close":
            await ws.send_text("closed")


@pytest.mark.parametrize("handler", [_ordered, _checked_first])
def test_commands_are_in_the_order_in_which_the_source_handles_them(handler: Any) -> None:
    site = site_of(handler)
    commands = [value for key in by_command(site.shapes, site.term) if key for _, value in key]
    assert commands == ["open", "turn", "close"]
