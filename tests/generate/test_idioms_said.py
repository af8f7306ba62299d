"""What is said to handlers that are written in a roundabout way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from generate.saying import share

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.told import singular
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Answered, Opened, Sent, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator


def parsed(data: Any) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


async def _one_member(ws: Any) -> None:
    while True:
        message = json.loads(await ws.receive_text())
        if not isinstance(message, dict) or len(message) != 1:
            continue
        [(verb, body)] = message.items()
        if verb == "lift":
            await ws.send_text(str(body["kilos"]))
        elif verb == "drop":
            await ws.send_text(str(body["floor"]))


def test_an_object_has_as_many_members_as_the_branch_asks_for() -> None:
    verbs = ({"lift"}, {"drop"})
    assert share(_one_member, lambda data: _keys(data) in verbs) > 0.6
    assert share(_one_member, lambda data: _keys(data) == {"lift", "drop"}) < 0.1


def _keys(data: Any) -> set[str] | None:
    value = parsed(data)
    return set(value) if isinstance(value, dict) else None


async def _any_members(ws: Any) -> None:
    while True:
        prices = json.loads(await ws.receive_text())
        for item, price in prices.items():
            if type(price) is not int:
                continue
            await ws.send_text(f"{item}: {price}")


def test_an_object_whose_members_are_gone_through_has_some_of_any_names() -> None:
    assert share(_any_members, lambda data: _keys(data)) > 0.4
    assert share(_any_members, lambda data: isinstance(parsed(data), list)) < 0.2


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    view = memoryview(data)
    while view:
        if len(view) < 2 or len(view) < 2 + view[1]:
            raise EOFError
        yield view[0], bytes(view[2 : 2 + view[1]])
        view = view[2 + view[1] :]


async def _headed(ws: Any) -> None:
    while True:
        for kind, value in _records(await ws.receive_bytes()):
            if kind == 7 and value.isalpha():
                await ws.send_bytes(value)


def test_a_length_before_a_field_does_not_take_the_place_of_its_first_byte() -> None:
    def right(data: Any) -> bool:
        return isinstance(data, bytes) and list(data[:2]) == [7, len(data) - 2]

    assert share(_headed, right) > 0.25


async def _digits(ws: Any) -> None:
    while True:
        verb, *words = (await ws.receive_text()).split()
        if verb == "row" and len(words) == 1:
            if len(words[0]) > 3 or not words[0].isdigit():
                continue
            await ws.send_text(str(int(words[0])))


def test_how_many_digits_a_number_may_have_does_not_keep_it_from_being_small() -> None:
    assert share(_digits, lambda data: data in [f"row {n}" for n in range(4)]) > 0.14


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("dishes", ["dish"]),
        ("userNames", ["name"]),
        ("entries", ["entry"]),
        ("tags", ["tag"]),
        ("boxes", ["box"]),
        ("class", []),
        ("room", []),
        ("is", []),
        (None, []),
    ],
)
def test_each_of_several_is_called_by_one_name(key: str | None, found: list[str]) -> None:
    assert singular(key) == found


def _after(*sent: str) -> Memory:
    transcript = Transcript()
    transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/ws")))
    for index, data in enumerate(sent, 1):
        transcript.events.append(Sent(time=0, client=0, message=Message("text", data), index=index))
    memory = Memory()
    memory.follow(transcript)
    return memory


def test_what_was_object_among_several_may_be_one_of_them() -> None:
    memory = _after('{"dishes": ["soup", "rice"], "tables": [3]}')
    assert memory.values_for("dish") == ["soup", "rice"]
    assert memory.values_for("table") == []


async def _rooms(ws: Any) -> None:
    rooms: dict[int, str] = {}
    while True:
        message = await ws.receive_json()
        number = message["room"]
        if message["do"] == "in" and type(number) is int and number > 0:
            rooms[number] = "card"
        elif message["do"] == "out" and number in rooms:
            del rooms[number]


def test_what_is_taken_for_a_number_is_no_word_of_the_server_s() -> None:
    source = message_source(Route("websocket", "/ws", handler=_rooms), max_size=400)
    choices = RandomChoices(1)
    rooms: list[Any] = []
    for _ in range(60):
        transcript = Transcript()
        transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/ws")))
        for index in range(1, 6):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=index))
            told = Message("text", '{"card": "c4r7d"}')
            transcript.events.append(Answered(time=0, client=0, message=told))
            object_ = parsed(message.data)
            if isinstance(object_, dict) and object_.get("do") == "out":
                rooms.append(object_.get("room"))
    assert len(rooms) > 40
    assert sum(room == "c4r7d" for room in rooms) < 0.1 * len(rooms)
