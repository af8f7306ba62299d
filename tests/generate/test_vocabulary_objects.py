"""What is mined of handlers of objects: conversions, methods, what is new and what known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import attrs
import msgspec
from litestar import WebSocket
from litestar.handlers import WebsocketListener
from pydantic import BaseModel, TypeAdapter

from pytest_routes.generate.vocabulary import Condition, Site, Term, mine


def site_of(handler: Any) -> Site:
    (site,) = mine(handler).sites
    return site


def field(term: Term, *names: str) -> Term:
    for name in names:
        term = term.children["field", name]
    return term


def json_of(handler: Any) -> Term:
    return site_of(handler).term.children["json", None]


def asked(condition: Condition) -> tuple[Any, str]:
    return condition.term.key, condition.operation


def asked_together(handler: Any) -> list[dict[Any, tuple[Any, ...]]]:
    return [{c.term.key: c.values for c in s.conditions} for s in site_of(handler).shapes]


# Conversions.


class _Open(TypedDict):
    kind: Literal["open"]
    path: str


class _Seek(TypedDict):
    kind: Literal["seek"]
    offset: int


_KINDS = {"open": _Open, "seek": _Seek}


async def _converted_by_table(ws: Any) -> None:
    while True:
        raw = msgspec.json.decode(await ws.receive_text(), type=dict)
        message = msgspec.convert(raw, _KINDS[raw["kind"]])
        await ws.send_text("end" if message["offset"] == 9 else "ok")


def test_a_message_is_converted_to_the_type_that_a_table_has_for_it() -> None:
    term = json_of(_converted_by_table)
    assert [d.annotation for d in term.declared] == [_Open, _Seek]
    assert term.models == []
    assert "dict" in term.uses
    together = [
        (each["kind"], [d.annotation for d in each[None]])
        for each in asked_together(_converted_by_table)
        if None in each
    ]
    assert together == [(("open",), [_Open]), (("seek",), [_Seek])]


class _Reading(BaseModel):
    celsius: int


_parse: Callable[[str], _Reading] = TypeAdapter(_Reading).validate_json
_well_formed = re.compile(r"[a-z]+-\d").fullmatch


async def _with_named_methods(ws: Any) -> None:
    while True:
        text = await ws.receive_text()
        if _well_formed(text):
            continue
        await ws.send_json(_parse(text).celsius == 7)


def test_methods_of_library_objects_are_known_by_another_name() -> None:
    site = site_of(_with_named_methods)
    assert site.term.patterns == [r"[a-z]+-\d"]
    term = site.term.children["json", None]
    assert [d.annotation for d in term.declared] == [_Reading]
    assert field(term, "celsius").values == [7]


# Methods of the application's own classes.


class _Desk:
    def open(self, order: dict[str, Any]) -> Any:
        return order["ticket"] == "gold"

    def close(self, order: dict[str, Any]) -> Any:
        return order["reason"] == "late"


async def _by_name(ws: Any) -> None:
    desk = _Desk()
    known = {f.__name__: f for f in (desk.open, desk.close)}
    while True:
        order = await ws.receive_json()
        name = order.get("name") if isinstance(order, dict) else None
        if name in known:
            await ws.send_json(known[name](order))


def test_a_comprehension_over_methods_is_a_dispatch_table() -> None:
    assert field(site_of(_by_name).term, "name").values == ["open", "close"]
    together = asked_together(_by_name)
    assert {"name": ("open",), "ticket": ("gold",)}.items() <= together[-2].items()
    assert {"name": ("close",), "reason": ("late",)}.items() <= together[-1].items()


async def _batch(ws: Any) -> None:
    desk = _Desk()
    while True:
        orders = json.loads(await ws.receive_text())
        if not isinstance(orders, list):
            continue
        for order in orders[:50]:
            name = order.get("name") if isinstance(order, dict) else None
            if name in ("open", "close"):
                await ws.send_json(getattr(desk, name)(order))


def test_the_first_of_many_are_items_like_all_of_them() -> None:
    (item,) = json_of(_batch).of("item")
    assert field(item, "name").values == ["open", "close"]
    assert field(item, "ticket").values == ["gold"]
    assert field(item, "reason").values == ["late"]


async def _spread(ws):
    asked = json.loads(await ws.receive_text())
    pair = (_Desk(), asked["name"])
    await ws.send_json(getattr(*pair, None)(asked["ticket"]))


def test_arguments_that_are_spread_hide_nothing_else() -> None:
    term = json_of(_spread)
    assert field(term, "name")
    assert field(term, "ticket")


class _Listener(WebsocketListener):
    path = "/ws"

    def on_accept(self, socket: WebSocket[Any, Any, Any]) -> None:
        socket.state.seen = []

    def on_receive(self, data: str, socket: WebSocket[Any, Any, Any]) -> str:
        socket.state.seen.append(data)
        return self.answer(json.loads(data))

    def answer(self, wish: Any) -> str:
        return "no" if wish["colour"] == "red" else "yes"


def test_a_method_that_comes_without_its_object_is_read_with_one() -> None:
    assert field(json_of(_Listener.on_receive), "colour").values == ["red"]


# What one message leaves for the next.

_LEVELS = {"easy": [("a", 1)], "hard": [("b", 2)]}


class _Course:
    def __init__(self) -> None:
        self.level: Any = None
        self.ticket: Any = None

    def take(self, message: dict[str, Any]) -> Any:
        if message["do"] == "start":
            self.level = _LEVELS[message["level"]]
            self.ticket = object()
            return True
        if message["do"] != "solve":
            return None
        if message["ticket"] == self.ticket and message["answer"] == self.level[0][1]:
            return "right"
        return "wrong"


async def _course(ws: Any) -> None:
    course = _Course()
    while True:
        await ws.send_json(course.take(await ws.receive_json()))


def test_a_later_message_need_not_say_how_an_earlier_one_has_chosen() -> None:
    solving = [
        {asked(c) for c in shape.conditions}
        for shape in site_of(_course).shapes
        if any(c.values == ("solve",) for c in shape.conditions)
    ]
    assert all(("level", "is") not in each for each in solving)
    assert {("do", "is"), ("ticket", "told"), ("answer", "is")} in solving


async def _register(ws: Any) -> None:
    names: dict[str, int] = {}
    while True:
        message = await ws.receive_json()
        name = message["name"]
        if message["do"] == "add":
            if name in names:
                await ws.send_text("taken")
                continue
            names[name] = message["size"]
        elif message["do"] == "drop" and name in names:
            del names[name]


def test_a_branch_knows_whether_a_name_is_to_be_a_new_one() -> None:
    site = site_of(_register)
    name = field(site.term, "name")
    new = [s for s in site.shapes if s.avoids(name, "told") is not None]
    assert [field(site.term, "size") in s for s in new] == [True]
    assert new[0].conditions[0].values == ("add",)
    known = [s.conditions[0].values for s in site.shapes if s.asked_of(name)]
    assert ("drop",) in known


# What is refused.


class _NotToday(Exception):
    pass


def _told_off(message: Any) -> Any:
    if isinstance(message["size"], (str, list)):
        raise _NotToday("size")
    if message["colour"] == "red":
        return {"error": "no red ones"}
    if message["colour"] == "black":
        raise RuntimeError("black")
    return message["text"] == "a"


async def _refusing(ws: Any) -> None:
    while True:
        try:
            await ws.send_json(_told_off(await ws.receive_json()))
        except _NotToday:
            await ws.send_json({"error": "not today"})


def test_branches_that_only_say_no_are_known() -> None:
    site = site_of(_refusing)
    refused = [[asked(c) for c in s.conditions] for s in site.shapes if s.refused]
    assert refused == [[("size", "type")], [("colour", "is")]]
    assert [s.conditions[0].values for s in site.shapes if s.refused][-1] == ("red",)


def test_a_branch_knows_of_which_types_a_value_must_not_be() -> None:
    site = site_of(_refusing)
    size = field(site.term, "size")
    (served,) = (s for s in site.shapes if ("black",) in [c.values for c in s.conditions])
    assert served.avoids(size, "type") == ("str", "list")


async def _between(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        low, high = message["low"], message["high"]
        if low > high:
            await ws.send_text("no such band")
            continue
        await ws.send_json(message["unit"])


def test_two_parts_that_are_compared_by_order_are_known_together() -> None:
    site = site_of(_between)
    low, high = field(site.term, "low"), field(site.term, "high")
    orders = [c for s in site.shapes for c in s.asked_of(low)]
    assert [(c.operation, c.values, c.limits) for c in orders] == [
        ("order", (high,), ((">", 0),)),
        ("order", (high,), (("<=", 0),)),
    ]
    assert [s.refused for s in site.shapes if s.conditions] == [True, False]


# Objects that are made of parts of a message.


def _several(instance: Any, attribute: Any, value: Any) -> None:
    if not isinstance(value, list) or not 3 <= len(value) <= 9:
        raise ValueError("three to nine stops")
    if not all(isinstance(stop, str) for stop in value):
        raise ValueError("stops are names")


@attrs.define
class _Line:
    label: str = attrs.field(validator=attrs.validators.in_(["S1", "S2"]))
    stops: list[str] = attrs.field(validator=[attrs.validators.min_len(1), _several])
    pace: int = attrs.field(default=0, validator=attrs.validators.instance_of(int))


@dataclass
class _Ticket:
    zone: int
    kind: str

    def __post_init__(self) -> None:
        if self.kind == "annual":
            raise ValueError("not sold here")


async def _transit(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        if message["do"] == "line":
            _Line(label=message["label"], stops=message["stops"], pace=message["pace"])
        else:
            _Ticket(message["zone"], message["kind"])


def test_what_validators_ask_of_the_parts_that_an_object_is_made_of_is_known() -> None:
    term = site_of(_transit).term
    assert field(term, "label").values == ["S1", "S2"]
    assert list(field(term, "pace").uses) == ["int"]
    stops = field(term, "stops")
    assert "list" in stops.uses
    assert stops.lengths == [1, 2, 3, 9]
    assert list(stops.child("item").uses) == ["str"]
    assert list(field(term, "zone").uses) == ["int"]
    assert field(term, "kind").values == ["annual"]


async def _moving(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        if message["into"].startswith(message["folder"]):
            await ws.send_text("into itself")


def test_a_text_that_begins_with_another_part_may_be_the_same() -> None:
    site = site_of(_moving)
    (same,) = (c for s in site.shapes for c in s.conditions)
    assert (asked(same), same.values) == (("into", "same"), (field(site.term, "folder"),))
