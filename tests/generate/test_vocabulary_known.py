"""What is mined where the running application knows which of several constants is wanted."""

from __future__ import annotations

import json
import uuid
from typing import Any

from pytest_routes.generate.vocabulary import Site, Term, mine


def site_of(handler: Any) -> Site:
    (site,) = mine(handler).sites
    return site


def field(handler: Any, *names: str) -> Term:
    term = site_of(handler).term.children["json", None]
    for name in names:
        term = term.children["field", name]
    return term


def asked_together(handler: Any) -> list[dict[Any, tuple[Any, ...]]]:
    return [{c.term.key: c.values for c in s.conditions} for s in site_of(handler).shapes]


STAGES = ["plan", "build", "ship"]
ANSWERS = ({"right": 4}, {"right": 9})


def do_plan(message: dict[str, Any]) -> bool:
    return message["title"] == "roof"


def do_build(message: dict[str, Any]) -> bool:
    return message["bricks"] > 12


def do_ship(message: dict[str, Any]) -> bool:
    return message["to"] == "moon"


async def _stage_by_stage(ws: Any) -> None:
    position = 0
    while True:
        message = json.loads(await ws.receive_text())
        if message.get("stage") != STAGES[position]:
            await ws.send_text("not yet")
            continue
        if globals()[f"do_{STAGES[position]}"](message):
            position += 1


async def _stage_by_table(ws: Any) -> None:
    work = {"plan": do_plan, "build": do_build, "ship": do_ship}
    position = 0
    while True:
        message = json.loads(await ws.receive_text())
        wanted = STAGES[position]
        if wanted == message["stage"]:
            work[wanted](message)
            position = position + 1


async def _question_by_question(ws: Any) -> None:
    asked, points = 0, 0
    while True:
        message = json.loads(await ws.receive_text())
        if message["choice"] == ANSWERS[asked]["right"]:
            points += 1
        asked += 1


class _Handlers:
    def __init__(self) -> None:
        self.known = {"on_open": self.opened, "on_shut": self.shut, "other": self.shut}

    def opened(self, message: dict[str, Any]) -> bool:
        return message["path"] == "/"

    def shut(self, message: dict[str, Any]) -> bool:
        return message["force"] is True


async def _concatenated(ws: Any) -> None:
    handlers = _Handlers()
    while True:
        message = json.loads(await ws.receive_text())
        handlers.known["on_" + message["event"]](message)


async def _filled_in(ws: Any) -> None:
    handlers = _Handlers()
    while True:
        message = json.loads(await ws.receive_text())
        handlers.known["on_%s" % message["event"]](message)  # noqa: UP031


def test_what_is_compared_with_a_changing_entry_of_a_list_may_be_each_of_them() -> None:
    assert field(_stage_by_stage, "stage").values == STAGES
    assert field(_question_by_question, "choice").values == [4, 9]


def test_what_was_found_equal_to_a_message_chooses_as_the_message_does() -> None:
    for handler in (_stage_by_stage, _stage_by_table):
        together = asked_together(handler)
        assert {"stage": ("plan",), "title": ("roof",)} in together
        assert {"stage": ("ship",), "to": ("moon",)} in together
        assert {"stage": ("plan",), "to": ("moon",)} not in together


def test_a_text_put_together_is_a_key_of_those_that_begin_so() -> None:
    for handler in (_concatenated, _filled_in):
        assert field(handler, "event").values == ["open", "shut"]
        assert {"event": ("open",), "path": ("/",)} in asked_together(handler)


class _Shelves:
    def __init__(self) -> None:
        self.shelves: dict[str, list[str]] = {"lobby": []}

    def handle(self, message: dict[str, Any]) -> str:
        if message["do"] == "build":
            shelf = uuid.uuid4().hex
            self.shelves[shelf] = []
            return shelf
        if message["do"] == "fill":
            if message["shelf"] not in self.shelves:
                return "no such shelf"
            self.shelves[message["shelf"]].append(message["book"])
        return "ok"


async def _shelves(ws: Any) -> None:
    shelves = _Shelves()
    while True:
        await ws.send_text(shelves.handle(json.loads(await ws.receive_text())))


def test_a_name_in_a_table_that_grows_is_one_of_the_first_or_one_that_was_told() -> None:
    asked = [
        (c.operation, c.values)
        for shape in site_of(_shelves).shapes
        for c in shape.conditions
        if c.term.key == "shelf" and c.holds
    ]
    assert ("told", ("lobby",)) in asked


def _text_of(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value.isdigit() else None


def _count_of(data: dict[str, Any], key: str) -> int | None:
    value = data.get(key)
    if not isinstance(value, int):
        return None
    if value > 40:
        return None
    return value


_bare = lambda data: data["to"] if isinstance(data["to"], str) else None  # noqa: E731


async def _asked_by_helpers(ws: Any) -> None:
    while True:
        data = json.loads(await ws.receive_text())
        count, to = _count_of(data, "count"), _bare(data)
        if count is None or not to or _text_of(data, "code") is None:
            await ws.send_text("error")
            continue
        if data["mode"] == "fast":
            await ws.send_text("ok")


def test_what_a_helper_asks_before_it_returns_a_value_holds_where_that_is_not_none() -> None:
    fast = next(
        shape
        for shape in site_of(_asked_by_helpers).shapes
        if any(c.term.key == "mode" for c in shape.conditions)
    )
    assert {(c.term.key, c.operation) for c in fast.conditions} == {
        ("count", "type"),
        ("count", "near"),
        ("to", "type"),
        ("code", "type"),
        ("code", "true"),
        ("mode", "is"),
    }


def _one_or_other(data: dict[str, Any]) -> Any:
    if data["kind"] == "a":
        return data["one"]
    if data["kind"] == "b":
        return data["other"]
    return None


async def _asked_for_one_of_two(ws: Any) -> None:
    while True:
        data = json.loads(await ws.receive_text())
        if _one_or_other(data) is None:
            continue
        if data["mode"] == "fast":
            await ws.send_text("ok")


def test_a_helper_that_returns_one_of_two_parts_asks_for_neither() -> None:
    fast = [
        shape
        for shape in site_of(_asked_for_one_of_two).shapes
        if any(c.term.key == "mode" for c in shape.conditions)
    ]
    assert all(c.term.key != "kind" for shape in fast for c in shape.conditions)


async def _only_of_objects(ws: Any) -> None:
    while True:
        data = json.loads(await ws.receive_text())
        verb = data.get("verb") if isinstance(data, dict) else ""
        size = data.get("size") if isinstance(data, dict) else None
        if size == 3:
            await ws.send_text("three")
        if verb == "go":
            await ws.send_text("gone")


def test_what_a_part_was_read_under_holds_where_it_is_a_constant() -> None:
    asked = [
        {(c.term.key or c.term.role, c.operation) for c in shape.conditions}
        for shape in site_of(_only_of_objects).shapes
    ]
    assert {("json", "type"), ("verb", "is")} in asked
    assert {("json", "type"), ("size", "is")} in asked
    assert {("verb", "is")} not in asked
