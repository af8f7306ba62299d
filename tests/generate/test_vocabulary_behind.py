"""What holds of a message behind a call, or a `try`, that would have ended otherwise."""

from __future__ import annotations

from typing import Any

from pytest_routes.generate.vocabulary import Shape, mine


def saying(handler: Any, value: str) -> list[Shape]:
    """The shapes that ask for a value."""
    (site,) = mine(handler).sites
    return [s for s in site.shapes if any(value in c.values for c in s.conditions)]


def asked(shape: Shape, key: str) -> set[str]:
    """What a shape asks of the values under a key, or of what is in them."""
    conditions = [c for c in shape.conditions if c.holds]
    return {
        c.operation
        for c in conditions
        if c.term.key == key or (c.term.parent is not None and c.term.parent.key == key)
    }


def _square(value: Any) -> tuple[int, int]:
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(each, int) and each < 8 for each in value)
    ):
        return value[0], value[1]
    raise ValueError("no square")


async def _board(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        square = _square(data.get("square"))
        if data.get("move") == "drop":
            await ws.send_json(square)


def test_what_is_asked_before_the_only_return_holds_behind_the_call() -> None:
    (drop,) = saying(_board, "drop")
    assert asked(drop, "square") == {"type", "length", "near"}


def _amount(value: Any) -> int:
    if isinstance(value, int) and value > 3:
        return value
    if isinstance(value, str):
        return len(value)
    raise TypeError


async def _till(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        amount = _amount(data.get("amount"))
        if data.get("move") == "drop":
            await ws.send_json(amount)


def test_what_is_asked_before_one_of_several_returns_does_not() -> None:
    (drop,) = saying(_till, "drop")
    assert asked(drop, "amount") == set()


def _whole(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("whole number expected")
    return value


async def _pages(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        try:
            first = _whole(data.get("first"))
            per_page = _whole(data.get("per_page"))
        except ValueError:
            await ws.send_json({"error": "whole numbers expected"})
            continue
        if data.get("list") == "songs":
            await ws.send_json(first // per_page)


def test_what_a_try_asks_holds_behind_it_when_every_handler_leaves() -> None:
    (songs,) = saying(_pages, "songs")
    assert asked(songs, "first") == {"type", "near"}
    assert asked(songs, "per_page") == {"type", "near"}


async def _lenient_pages(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        try:
            first = _whole(data.get("first"))
        except ValueError:
            first = 0
        if data.get("list") == "songs":
            await ws.send_json(first)


def test_what_a_try_asks_does_not_hold_behind_it_when_a_handler_goes_on() -> None:
    (songs,) = saying(_lenient_pages, "songs")
    assert asked(songs, "first") == set()


async def _pages_in_else(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        try:
            first = _whole(data.get("first"))
        except ValueError:
            first = 0
        else:
            if data.get("list") == "songs":
                await ws.send_json(first)


def test_what_a_try_asks_holds_in_its_else() -> None:
    (songs,) = saying(_pages_in_else, "songs")
    assert asked(songs, "first") == {"type", "near"}


def _name(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) and value else None


async def _lockers(ws: Any) -> None:
    lockers: dict[str | None, int] = {}
    while True:
        data = await ws.receive_json()
        owner = _name(data, "owner")
        if data.get("verb") == "rent":
            lockers.setdefault(owner, 0)
        elif data.get("verb") == "open":
            if owner not in lockers:
                await ws.send_json({"error": "no such owner"})
            else:
                await ws.send_json({"times": lockers[owner]})


def test_a_name_that_may_be_missing_is_looked_up_among_those_that_were_put_there() -> None:
    assert "told" in {o for shape in saying(_lockers, "open") for o in asked(shape, "owner")}
