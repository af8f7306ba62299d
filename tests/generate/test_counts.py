"""Numbers in binary messages that say how long something is, and names that are looked up."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.vocabulary import mine
from pytest_routes.generate.vocabulary.computing import done, undone
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.transcript import Opened, Sent, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_routes.generate.vocabulary import Condition

_GREETING = struct.Struct("<BH")
ERR_UNKNOWN, TWICE = b"\xf0", b"\xf1"


def talks(handler: Any, conversations: int = 60, each: int = 6) -> Iterator[list[bytes]]:
    source = message_source(Route("websocket", "/ws", handler=handler), max_size=400)
    choices = RandomChoices(1)
    for _ in range(conversations):
        transcript = Transcript()
        transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/ws")))
        said: list[bytes] = []
        for index in range(1, each + 1):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=index))
            assert isinstance(message.data, bytes)
            said.append(message.data)
        yield said


def share(handler: Any, wanted: Callable[[bytes], bool]) -> float:
    everything = [data for said in talks(handler) for data in said]
    return sum(map(wanted, everything)) / len(everything)


def measures(handler: Any) -> list[tuple[Any, Any, Any]]:
    """What is the length of what, and how it is computed."""
    (site,) = mine(handler).sites
    found: dict[Condition, None] = {}
    for shape in site.shapes:
        found.update({c: None for c in shape.conditions if c.operation == "measures"})
    return [(c.term.key, c.values[0].key, c.values[1]) for c in found]


def test_what_is_computed_of_a_number_tells_the_number() -> None:
    steps = (("*", 4), ("+", 3), ("^", 1))
    assert done(steps, 5) == 22
    assert undone(steps, 22) == 5
    assert undone((("//", 0), ("%", 0)), 7) == 0
    assert done((("//", 0),), 7) == 0


# Lengths.


async def _records(ws: Any) -> None:
    async for data in ws.iter_bytes():
        if len(data) < _GREETING.size:
            continue
        kind, count = _GREETING.unpack_from(data)
        if len(data) != _GREETING.size + 4 * count:
            continue
        print(kind == 9)


async def _tail(ws: Any) -> None:
    async for data in ws.iter_bytes():
        count, points = data[1], data[2:]
        if count * 2 != len(points):
            continue
        print(data[0] == 9)


async def _at_least(ws: Any) -> None:
    async for data in ws.iter_bytes():
        width = int.from_bytes(data[1:4], "little")
        if len(data) < 4 + width:
            continue
        print(data[0] == 9)


async def _name(ws: Any) -> None:
    async for data in ws.iter_bytes():
        size = int.from_bytes(data[1:3])
        name = data[3 : 3 + size]
        if len(name) == size and data[0] == 9:
            print(name.decode())


async def _behind_an_offset(ws: Any) -> None:
    async for data in ws.iter_bytes():
        (count,) = struct.unpack(">H", data[1:3])
        if len(data[3:]) == 3 * count and data[0] == 9:
            print(data)


async def _unpacked_from(ws: Any) -> None:
    async for data in ws.iter_bytes():
        (size,) = struct.unpack_from("!H", data, 2)
        if data[:2] != b"CQ" or size != len(data) - 4:
            continue
        print(data)


@pytest.mark.parametrize(
    ("handler", "known", "is_right"),
    [
        (
            _records,
            [(1, "bytes", (("*", 4), ("+", 3)))],
            lambda d: len(d) == 3 + 4 * int.from_bytes(d[1:3], "little"),
        ),
        (_tail, [(1, (2, None), (("*", 2),))], lambda d: len(d) > 2 and len(d) == 2 + 2 * d[1]),
        (
            _at_least,
            [((1, 4), "bytes", (("+", 4),))],
            lambda d: len(d) > 4 and len(d) == 4 + int.from_bytes(d[1:4], "little"),
        ),
        (
            _behind_an_offset,
            [(0, (3, None), (("*", 3),))],
            lambda d: len(d) > 3 and len(d) == 3 + 3 * int.from_bytes(d[1:3]),
        ),
        (
            _unpacked_from,
            [(0, "bytes", (("-", -4),))],
            lambda d: d[:2] == b"CQ" and len(d) == 4 + int.from_bytes(d[2:4]) > 4,
        ),
        (_name, None, lambda d: len(d) > 3 and len(d) >= 3 + int.from_bytes(d[1:3]) > 3),
    ],
)
def test_a_length_is_mostly_as_a_number_says(
    handler: Any, known: list[Any] | None, is_right: Callable[[bytes], bool]
) -> None:
    assert known is None or measures(handler) == known
    assert share(handler, is_right) > 0.3


# What is looked up.


async def _looking_up(ws: Any) -> None:
    devices: dict[int, int] = {}
    async for data in ws.iter_bytes():
        if len(data) < 4:
            continue
        kind, device = struct.unpack("<BH", data[:3])
        if kind == 9:
            devices[device] = data[3]
        elif kind == 5 and device in devices:
            devices.pop(device)


def test_a_number_that_is_looked_up_was_mostly_said_before() -> None:
    found = [
        (data[1:3] in [known[1:3] for known in said[:i] if known[:1] in (b"\x05", b"\x09")])
        for said in talks(_looking_up)
        for i, data in enumerate(said)
        if len(data) >= 4 and data[0] == 5 and any(k[:1] == b"\x09" for k in said[:i])
    ]
    assert len(found) > 20
    assert sum(found) > 0.7 * len(found)


# Refusals by a code that has a name.


async def _refusing(ws: Any) -> None:
    known: list[bytes] = []
    full = False
    async for data in ws.iter_bytes():
        if data[0] == 1:
            await ws.send_bytes(_added(known, data[1:5], full=full))


def _added(known: list[bytes], name: bytes, *, full: bool) -> bytes:
    if name == b"void":
        return ERR_UNKNOWN
    if name in known:
        return _error(2)
    if full:
        return ERR_UNKNOWN
    if name == b"gate":
        return TWICE
    return name


async def _doing_nothing(ws: Any) -> None:
    async for data in ws.iter_bytes():
        if data[:2] != b"OK":
            continue
        if data[2:4] == b"?!":
            return
        await ws.send_bytes(data)


def test_a_branch_that_does_nothing_is_a_refusal() -> None:
    (site,) = mine(_doing_nothing).sites
    refused = {s.conditions[-1].term.key: s.refused for s in site.shapes if s.conditions}
    assert refused == {(None, 2): False, (2, 4): True}


def _error(code: int) -> bytes:
    return bytes([255, code])


def test_the_name_of_a_constant_or_a_function_tells_a_refusal() -> None:
    (site,) = mine(_refusing).sites
    refused = {
        (c.operation, c.values): s.refused
        for s in site.shapes
        for c in s.conditions
        if c.term.role == "slice"
    }
    assert refused == {
        ("is", (b"void",)): True,
        ("told", ()): True,
        ("is", (b"gate",)): False,
    }


def test_a_refusal_for_another_reason_says_nothing_of_the_message() -> None:
    (site,) = mine(_refusing).sites
    (plain,) = (s for s in site.shapes if len(s.conditions) == 1)
    assert not plain.refused
