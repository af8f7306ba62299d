"""What is mined of loops over the names of members."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_routes.generate.vocabulary import mine

NAMES = ("street", "number")
KINDS = {"street": str, "number": int}


async def _left_by_return(ws: Any) -> None:
    data = await ws.receive_json()
    for name in NAMES:
        if not isinstance(data.get(name), KINDS[name]):
            return
    await ws.send_json(data["street"])


def _checked(data: Any) -> Any:
    for name in ("street", "number"):
        if type(data[name]) is not KINDS[name]:
            raise ValueError(name)
    return data


async def _left_by_raising(ws: Any) -> None:
    data = _checked(await ws.receive_json())
    await ws.send_json(data["street"])


async def _pairs(ws: Any) -> None:
    data = await ws.receive_json()
    for name, kind in (("street", str), ("number", int)):
        if not isinstance(data.get(name), kind):
            return
    await ws.send_json(data["street"])


def asked(handler: Any) -> list[dict[Any, Any]]:
    (site,) = mine(handler).sites
    return [{c.term.key: c.values for c in s.conditions} for s in site.shapes]


@pytest.mark.parametrize("handler", [_left_by_return, _left_by_raising, _pairs])
def test_behind_the_loop_every_member_is_what_each_turn_wants(handler: Any) -> None:
    assert asked(handler)[-1] == {"street": ("str",), "number": ("int",)}


async def _goes_on(ws: Any) -> None:
    data = await ws.receive_json()
    for name in NAMES:
        if not isinstance(data.get(name), KINDS[name]):
            continue
        await ws.send_json(data[name])


def test_what_only_ends_a_turn_says_nothing_of_the_next_turn() -> None:
    assert asked(_goes_on) == [{}, {"street": ("str",)}, {"number": ("int",)}]


@dataclass
class Move:
    row: int
    column: int


@dataclass
class Say:
    words: str


COMMANDS: dict[str, Any] = {"move": Move, "say": Say}


def _read(text: str) -> Any:
    data = json.loads(text)
    command = COMMANDS[data["command"]]
    names = list(command.__dataclass_fields__)
    values = {}
    for name in names:
        values[name] = data[name]
    return command(**values)


async def _of_fields(ws: Any) -> None:
    async for text in ws.iter_text():
        match _read(text):
            case Move(row, column=column) if row == 3:
                print(column)
            case Say():
                print("said")


def test_the_fields_of_a_record_are_read_with_the_command_that_names_it() -> None:
    (site,) = mine(_of_fields).sites
    moves = [s for s in site.shapes if any(c.values == ("move",) for c in s.conditions)]
    keys = [{t.key for t in s.reads if t.role == "field"} for s in moves]
    assert {"command", "row", "column"} in keys


def test_a_record_of_what_a_message_holds_is_a_type_of_the_message() -> None:
    (site,) = mine(_of_fields).sites
    together = [{c.term.key: c.values for c in s.conditions} for s in site.shapes]
    moves = [each for each in together if each.get("command") == ("move",)]
    assert all(each[None][0].annotation is Move for each in moves if None in each)
    assert any(each.get("row") == (3,) and None in each for each in moves)
