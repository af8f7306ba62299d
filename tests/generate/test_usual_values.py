"""What values an application is mostly sent where it is talked to as it is made for."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec
from starlette.websockets import WebSocket

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.parameters import target_maker
from pytest_routes.routes.model import Parameter, Route
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Answered, Sent, Transcript


def said_to(handler: Any, answer: str | None = None, count: int = 300) -> list[dict[str, Any]]:
    """The objects that are said in so many conversations; each message gets the same answer."""
    source = message_source(Route(kind="websocket", path="/ws", handler=handler))
    choices = RandomChoices(1)
    found = []
    for _ in range(count):
        transcript = Transcript()
        for position in range(4):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=position + 1))
            if answer is not None:
                told = Message("text", answer)
                transcript.events.append(Answered(time=0, client=0, message=told))
            found.append(message.data)
    return [value for value in map(_read, found) if isinstance(value, dict)]


def _read(data: Any) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


async def _different(websocket: WebSocket) -> None:
    while True:
        data = await websocket.receive_json()
        names = data["names"]
        if not isinstance(names, list) or not 2 <= len(names) <= 4:
            continue
        if not all(isinstance(name, str) and name for name in names):
            continue
        if len(set(names)) != len(names):
            continue
        print(names)


def test_items_that_must_differ_mostly_do_and_are_not_empty() -> None:
    lists = [each["names"] for each in said_to(_different) if isinstance(each.get("names"), list)]
    lists = [names for names in lists if 2 <= len(names) <= 4]
    plain = [names for names in lists if all(isinstance(name, str) for name in names)]
    assert len(plain) >= 200
    right = [names for names in plain if all(names) and len(set(names)) == len(names)]
    assert len(right) > 0.7 * len(plain)


class _Order(msgspec.Struct):
    verb: str
    lot: int | None = None
    note: str | None = None


_lots: dict[int, str] = {}


async def _looked_up(websocket: WebSocket) -> None:
    while True:
        order = msgspec.json.decode(await websocket.receive_text(), type=_Order)
        if order.verb == "offer":
            print(order.note)
        elif order.verb == "close":
            lot = _lots.get(order.lot)  # type: ignore[arg-type]
            if lot is not None:
                print(lot)


def test_what_is_looked_up_is_mostly_there_though_its_type_does_without() -> None:
    said = said_to(_looked_up, answer='{"lot": 4711}')
    lots = Counter(str(each.get("lot")) for each in said if each.get("verb") == "close")
    assert lots["4711"] > 2 * lots["None"]


def test_parameters_mostly_have_values_that_the_source_knows() -> None:
    route = Route(
        kind="websocket",
        path="/{lang}",
        parameters=(Parameter(name="lang", location="path", annotation=str),),
        handler=None,
    )
    make = target_maker(route, known={"lang": ["en", "fr"]})
    choices = RandomChoices(1)
    paths = Counter(make(choices).path for _ in range(400))
    assert 260 <= paths["/en"] + paths["/fr"] <= 340


async def _shared(websocket: WebSocket) -> None:
    bids: list[int] = []
    while True:
        data = await websocket.receive_json()
        if data["do"] == "close":
            if bids:
                print(bids)
        elif data["do"] == "look":
            print(1)
        elif data["do"] == "bid":
            bids.append(1)


def _command(message: Message) -> Any:
    value = _read(message.data)
    return str(value.get("do")) if isinstance(value, dict) else ""


def test_what_was_refused_is_tried_again_after_another_client_was_served() -> None:
    source = message_source(Route(kind="websocket", path="/ws", handler=_shared))
    choices = RandomChoices(1)
    tried: dict[str, Counter[str]] = {"ok": Counter(), "error": Counter()}
    for turn in range(2000):
        told = ("ok", "error")[turn % 2]
        transcript = Transcript()
        said = []
        for client, answer in ((0, "error: no bids"), (1, told), (0, "")):
            message = source.message(choices, transcript, client)
            said.append(_command(message))
            transcript.events.append(Sent(time=0, client=client, message=message, index=1))
            answered = Message("text", answer)
            transcript.events.append(Answered(time=0, client=client, message=answered))
        if said[0] == "close":
            tried[told][said[2]] += 1
    shares = {told: said["close"] / said.total() for told, said in tried.items()}
    assert shares["ok"] > 1.5 * shares["error"]
