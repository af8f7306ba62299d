"""How the values of a message go together, and with what was said before."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from starlette.websockets import WebSocket

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Answered, Sent, Transcript


def objects_said(handler: Any, answer: str | None = None) -> list[dict[str, Any]]:
    """The objects in a hundred conversations of six messages; each gets the same answer."""
    source = message_source(Route(kind="websocket", path="/ws", handler=handler))
    choices = RandomChoices(1)
    found = []
    for _ in range(100):
        transcript = Transcript()
        for position in range(6):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=position + 1))
            if answer is not None:
                told = Message("text", answer)
                transcript.events.append(Answered(time=0, client=0, message=told))
            try:
                found.append(json.loads(message.data))
            except (ValueError, RecursionError):
                continue
    return [said for said in found if isinstance(said, dict)]


async def _within(websocket: WebSocket) -> None:
    while True:
        message = await websocket.receive_json()
        low, high = message["low"], message["high"]
        if not isinstance(low, int) or not isinstance(high, int) or low > high:
            await websocket.send_text("no such range")
        else:
            print(message["unit"])


def test_two_numbers_are_in_the_order_that_is_asked_for_and_sometimes_equal() -> None:
    said = objects_said(_within)
    pairs = [(d.get("low"), d.get("high")) for d in said]
    numbers = [(a, b) for a, b in pairs if type(a) is int and type(b) is int]
    assert sum(a <= b for a, b in numbers) >= 0.8 * len(numbers) >= 200
    assert sum(a == b for a, b in numbers) >= 0.2 * len(numbers)


async def _of_no_type(websocket: WebSocket) -> None:
    while True:
        message = await websocket.receive_json()
        if isinstance(message["count"], (str, bool, float, list, dict)):
            await websocket.send_text("count: wrong type")
            continue
        print(message["count"])


def test_null_is_said_where_a_list_of_types_leaves_it_out() -> None:
    said = [d["count"] for d in objects_said(_of_no_type) if "count" in d]
    assert sum(value is None for value in said) >= 50
    assert sum(type(value) is int for value in said) >= 50


async def _seats(websocket: WebSocket) -> None:
    taken: dict[str, str] = {}
    while True:
        message = await websocket.receive_json()
        guest = message["guest"]
        if message["do"] == "seat":
            if guest in taken:
                await websocket.send_text("error: seated already")
                continue
            taken[guest] = message["table"]
        elif message["do"] == "leave" and guest in taken:
            del taken[guest]


def test_known_names_are_looked_up_and_new_ones_are_added() -> None:
    said = objects_said(_seats)
    known: dict[str, list[bool]] = {"seat": [], "leave": []}
    before: set[str] = set()
    for message in said:
        if str(message.get("do")) in known and isinstance(message.get("guest"), str):
            known[message["do"]].append(message["guest"] in before)
            before = {message["guest"]}
    assert sum(known["leave"]) / len(known["leave"]) > 2 * sum(known["seat"]) / len(known["seat"])


async def _expels(websocket: WebSocket) -> None:
    members: dict[str, int] = {}
    while True:
        message = await websocket.receive_json()
        if message["do"] == "expel" and message["member"] in members:
            del members[message["member"]]


def test_any_name_of_the_server_s_may_be_looked_up_but_its_numbers_come_last() -> None:
    said = objects_said(_expels, '{"count": 3, "member": "m-5f", "owner": "o-7a", "at": 1.5}')
    names = [d.get("member") for d in said if d.get("do") == "expel"]
    assert names.count("m-5f") >= 0.4 * len(names)
    assert names.count("o-7a") >= 0.05 * len(names)
    assert names.count(1.5) + names.count(3) <= 0.05 * len(names)


async def _lends(websocket: WebSocket) -> None:
    loans: dict[str, str] = {}
    while True:
        message = await websocket.receive_json()
        if message["do"] == "give_back":
            if message["loan"] not in loans:
                await websocket.send_text("error: no such loan")
                continue
            del loans[message["loan"]]
        elif message["do"] == "lend":
            print(message["book"])


def test_what_needs_a_name_is_seldom_said_before_there_is_one() -> None:
    early = Counter(str(d.get("do")) for d in objects_said(_lends))
    later = Counter(str(d.get("do")) for d in objects_said(_lends, '{"loan": "l-42"}'))
    assert early["lend"] > 2 * early["give_back"]
    assert later["lend"] < 2 * later["give_back"]


async def _batches(websocket: WebSocket) -> None:
    nodes: dict[str, str | None] = {}
    while True:
        batch = json.loads(await websocket.receive_text())
        for order in batch[:20] if isinstance(batch, list) else ():
            if order["do"] == "add":
                nodes[order["node"]] = order.get("under")
            elif order["do"] == "cut" and order["node"] in nodes:
                del nodes[order["node"]]


def test_a_batch_has_several_commands_that_speak_of_the_same() -> None:
    source = message_source(Route(kind="websocket", path="/ws", handler=_batches))
    mixed = same = 0
    for seed in range(200):
        try:
            batch = json.loads(source.message(RandomChoices(seed), Transcript(), 0).data)
        except (ValueError, RecursionError):
            continue
        orders = [o for o in batch if isinstance(o, dict)] if isinstance(batch, list) else []
        kinds = [str(o.get("do")) for o in orders]
        if "add" in kinds and "cut" in kinds[kinds.index("add") :]:
            mixed += 1
            added = [repr(o.get("node")) for o in orders if o.get("do") == "add"]
            same += any(repr(o.get("node")) in added for o in orders if o.get("do") == "cut")
    assert mixed >= 30
    assert same >= 0.4 * mixed
