"""What is mined of functions that a test chooses between, and of what a test leaves over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.generate.command_groups import fullest
from pytest_routes.generate.vocabulary import Shape, mine

if TYPE_CHECKING:
    from collections.abc import Callable


class Refused(Exception):
    """The client is told so."""


class Crane:
    def lift(self, order: dict[str, Any]) -> None:
        if order.get("move") == "up":
            print(order.get("metres"))

    def drive(self, order: dict[str, Any]) -> None:
        if order.get("move") == "left":
            print(order.get("speed"))

    async def one_expression(self, ws: Any) -> None:
        while True:
            order = await ws.receive_json()
            if order.get("part") not in ("hook", "cab"):
                continue
            act = self.lift if order["part"] == "hook" else self.drive
            act(order)

    async def two_branches(self, ws: Any) -> None:
        while True:
            order = await ws.receive_json()
            if order.get("part") not in ("hook", "cab"):
                continue
            if order["part"] == "cab":  # noqa: SIM108
                act = self.drive
            else:
                act = self.lift
            act(order)

    async def cases(self, ws: Any) -> None:
        while True:
            order = await ws.receive_json()
            match order.get("part"):
                case "hook":
                    act = self.lift
                case "cab":
                    act = self.drive
                case _:
                    continue
            act(order)


def shapes(handler: Any) -> list[Shape]:
    (site,) = mine(handler).sites
    return list(site.shapes)


def asked(shape: Shape) -> dict[str, tuple[Any, ...]]:
    return {c.term.key: c.values for c in shape.conditions if c.operation == "is"}


@pytest.mark.parametrize("name", ["one_expression", "two_branches", "cases"])
def test_what_a_chosen_function_reads_goes_with_what_it_was_chosen_by(name: str) -> None:
    (up,) = [s for s in shapes(getattr(Crane(), name)) if "up" in asked(s).get("move", ())]
    (left,) = [s for s in shapes(getattr(Crane(), name)) if "left" in asked(s).get("move", ())]
    assert asked(up) == {"part": ("hook",), "move": ("up",)}
    assert asked(left) == {"part": ("cab",), "move": ("left",)}


async def _either_of_two(ws: Any) -> None:
    while True:
        wish = await ws.receive_json()
        if wish.get("do") in ("pour", "drain"):
            if wish["do"] == "drain":
                print("empty")
            else:
                print(wish.get("litres") == 5)


def test_behind_else_only_what_is_left_of_the_values_is_asked_for() -> None:
    (pour,) = [s for s in shapes(_either_of_two) if 5 in asked(s).get("litres", ())]
    assert asked(pour) == {"do": ("pour",), "litres": (5,)}


PIERS = ("east", "west")


async def _each_of_two(ws: Any) -> None:
    while True:
        trip = await ws.receive_json()
        start, end = trip.get("start"), trip.get("end")
        for pier in (start, end):
            if pier not in PIERS:
                raise Refused
        print(trip.get("seats"))


async def _each_by_name(ws: Any) -> None:
    while True:
        trip = await ws.receive_json()
        start, end = trip.get("start"), trip.get("end")
        for name, pier in (("start", start), ("end", end)):
            if pier not in PIERS:
                raise Refused(name)
        print(trip.get("seats"))


@pytest.mark.parametrize("handler", [_each_of_two, _each_by_name])
def test_what_a_loop_asks_of_parts_of_a_message_is_asked_of_each(
    handler: Callable[[Any], Any],
) -> None:
    assert {"start": PIERS, "end": PIERS} in map(asked, shapes(handler))


async def _half_refused(ws: Any) -> None:
    while True:
        data = json.loads(await ws.receive_text())
        tags = data.get("tags")
        if isinstance(tags, str):
            if "!!" in tags or any(len(tag) > 7 and set(tag) & {"!"} for tag in tags.split(",")):
                await ws.send_text("error: no such tag")
                continue
            print(tags)


def test_the_first_part_of_a_test_that_refuses_is_nothing_to_say() -> None:
    known = shapes(_half_refused)
    assert any(s.refused and s.halfway for s in known)
    full = [known[i] for i in fullest(known)]
    assert not any(c.operation == "length" for s in full for c in s.conditions)


class Guest:
    def __init__(self) -> None:
        self.name = ""


async def _no_name_yet(ws: Any) -> None:
    guest = Guest()
    while True:
        data = await ws.receive_json()
        if "call me" in data:
            guest.name = data["call me"]
        elif data.get("say") == guest.name:
            continue


def test_the_empty_text_that_stands_for_want_of_a_name_is_no_name() -> None:
    (site,) = mine(_no_name_yet).sites
    say = site.term.children["field", "say"]
    assert say.told
    assert say.values == []
