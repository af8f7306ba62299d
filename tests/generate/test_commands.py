"""Which command a handler is sent next, and what of a conversation later messages use."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from typing import Annotated, Any, Literal

import attrs
import pytest
from pydantic import BaseModel, Field, RootModel
from starlette.websockets import WebSocket

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.declared import maker_of, named_values, open_members
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.schema import maker_for
from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Answered, Sent, Transcript

OPTIONS = ("ash", "oak", "elm")
KEYS = {"ada": "lovelace", "alan": "turing"}


def conversations(
    handler: Any, count: int = 100, length: int = 6, answer: str | None = None
) -> list[list[str]]:
    """What is said in so many conversations; each message gets the same answer."""
    source = message_source(Route(kind="websocket", path="/ws", handler=handler))
    choices = RandomChoices(1)
    found = []
    for _ in range(count):
        transcript = Transcript()
        for position in range(length):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=position + 1))
            if answer is not None:
                told = Message("text", answer)
                transcript.events.append(Answered(time=0, client=0, message=told))
        found.append([str(e.message.data) for e in transcript.events if isinstance(e, Sent)])
    return found


def read(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


async def _in_order(websocket: WebSocket) -> None:
    while True:
        data = json.loads(await websocket.receive_text())
        if data["do"] == "join":
            print(data["room"])
        elif data["do"] == "ready":
            print(1)
        elif data["do"] == "start":
            print(2)
        elif data["do"] == "move":
            print(data["cell"])


def test_the_order_of_the_source_is_followed_in_many_conversations() -> None:
    wanted = ["join", "ready", "start", "move"]
    reached = 0
    for said in conversations(_in_order, length=10):
        rest = iter([read(text).get("do") for text in said])
        reached += all(any(command == each for each in rest) for command in wanted)
    assert reached >= 15


def test_every_command_gets_its_share() -> None:
    said = Counter(str(read(t).get("do")) for c in conversations(_in_order, 300) for t in c)
    assert min(said[c] for c in ("join", "ready", "start", "move")) >= 200


async def _by_member(websocket: WebSocket) -> None:
    while True:
        match await websocket.receive_json():
            case {"move": {"card": str(), "to": "todo" | "doing" | "done"}}:
                print(1)
            case {"delete": str(name)}:
                print(name)
            case {"show": True}:
                print(2)


def test_commands_that_are_members_get_their_share_too() -> None:
    said = Counter(k for c in conversations(_by_member, 300) for t in c for k in read(t))
    assert min(said[key] for key in ("move", "delete", "show")) >= 200


async def _with_id(websocket: WebSocket) -> None:
    jobs: dict[str, int] = {}
    while True:
        data = json.loads(await websocket.receive_text())
        if data["do"] == "create":
            print(data["size"])
        elif data["do"] == "drop" and data["job"] in jobs:
            print(1)


def test_what_the_server_named_is_mostly_what_is_named_to_it() -> None:
    said = [t for c in conversations(_with_id, answer='{"made": "j-17"}') for t in c[1:]]
    drops = [read(text) for text in said if read(text).get("do") == "drop"]
    assert sum(drop.get("job") == "j-17" for drop in drops) >= 0.5 * len(drops)


def test_complaints_are_not_taken_for_names() -> None:
    said = [t for c in conversations(_with_id, answer='{"error": "no such job"}') for t in c[1:]]
    assert not any(read(text).get("job") == "no such job" for text in said)


async def _checks_password(websocket: WebSocket) -> None:
    while True:
        data = json.loads(await websocket.receive_text())
        user = data.get("user")
        if user in KEYS and KEYS[user] == data.get("password"):
            print(1)


def test_a_password_goes_with_the_user_it_is_listed_for() -> None:
    said = [read(text) for c in conversations(_checks_password) for text in c]
    assert sum(KEYS.get(str(d.get("user"))) == d.get("password") for d in said if d) >= 100


async def _limits(websocket: WebSocket) -> None:
    while True:
        data = json.loads(await websocket.receive_text())
        if isinstance(data["n"], int) and 1 <= data["n"] <= 250:
            print(data["n"])


def test_numbers_lie_within_all_limits_at_once_and_not_only_at_them() -> None:
    numbers = [read(text).get("n") for c in conversations(_limits, 300) for text in c]
    inside = {n for n in numbers if type(n) is int and 1 <= n <= 250}
    assert {1, 2, 249, 250} <= inside
    assert inside & {3, 10, 100}


async def _indexes(websocket: WebSocket) -> None:
    while True:
        data = json.loads(await websocket.receive_text())
        if data["n"] >= 0:
            print(OPTIONS[data["n"]])


def test_the_length_of_what_is_indexed_is_a_limit() -> None:
    numbers = [read(text).get("n") for c in conversations(_indexes) for text in c]
    assert numbers.count(3) >= 5


# Declared types.


class Opened(BaseModel):
    type: Literal["open"]
    title: str


class Resized(BaseModel):
    type: Literal["resize"]
    height: int


class Said(RootModel[Annotated[Opened | Resized, Field(discriminator="type")]]):
    pass


class Kind(StrEnum):
    ADD = "add"
    DROP = "drop"


class Edit(BaseModel):
    kind: Kind
    inner: Opened
    body: dict[str, Any] = {}


def test_of_a_union_the_variant_that_is_asked_for_is_made() -> None:
    make = maker_of(Said, {"type": ("resize",)})
    assert make is not None
    choices = RandomChoices(1)
    assert {make(choices)["type"] for _ in range(100)} == {"resize"}


@pytest.mark.parametrize(
    ("annotation", "key", "values"),
    [(Said, "type", ["open", "resize"]), (Edit, "kind", ["add", "drop"]), (Edit, "body", [])],
)
def test_the_values_that_a_type_lists_are_known(annotation: Any, key: str, values: Any) -> None:
    assert named_values(annotation, key) == values


def test_members_that_say_nothing_of_what_is_in_them_are_known() -> None:
    assert "body" in open_members(Edit)
    assert "inner" not in open_members(Edit)


async def _names_two_of_three(websocket: WebSocket) -> None:
    while True:
        edit = Edit.model_validate_json(await websocket.receive_text())
        if edit.kind == "add":
            print(1)


def test_commands_that_only_the_type_lists_are_sent() -> None:
    said = Counter(str(read(t).get("kind")) for c in conversations(_names_two_of_three) for t in c)
    assert said["drop"] >= 50


@attrs.define
class Box:
    width: int = attrs.field(validator=[attrs.validators.gt(0), attrs.validators.le(9)])
    unit: str = attrs.field(validator=attrs.validators.in_(["m", "ft"]))
    label: str | None = attrs.field(
        default=None, validator=attrs.validators.optional(attrs.validators.max_len(3))
    )


def test_the_validators_of_attrs_are_satisfied() -> None:
    make = maker_for(Box)
    choices = RandomChoices(1)
    boxes = [Box(**make(choices)) for _ in range(500)]
    assert {box.unit for box in boxes} == {"m", "ft"}
    assert {1, 9} <= {box.width for box in boxes}


# The handshake.


async def _reads_query(websocket: WebSocket) -> None:
    if websocket.query_params.get("mode", "user") == "admin":
        print(await websocket.receive_text())
    if websocket.headers.get("x-tenant") in ("alpha", "beta"):
        print(1)


def test_parameters_that_only_the_source_tells_of_are_known() -> None:
    found = {(p.name, p.location): p.values for p in mine(_reads_query).parameters}
    assert found == {("mode", "query"): ("admin",), ("x-tenant", "header"): ("alpha", "beta")}


async def _entered_first(websocket: WebSocket) -> None:
    entered = False
    while True:
        data = json.loads(await websocket.receive_text())
        if data["do"] == "look":
            await websocket.send_text("a hall" if entered else "error: outside")
        elif data["do"] == "move":
            await websocket.send_text("moved" if entered else "error: outside")
        elif data["do"] == "enter":
            entered = True
            await websocket.send_text("welcome")


def _served(said: str, entered: set[int], client: int) -> str:
    command = read(said).get("do")
    if command == "enter":
        entered.add(client)
    return "welcome" if client in entered else "error: outside"


def test_what_another_client_was_first_served_for_is_mostly_said_first() -> None:
    source = message_source(Route(kind="websocket", path="/ws", handler=_entered_first))
    choices = RandomChoices(1)
    said: Counter[str] = Counter()
    for _ in range(400):
        transcript = Transcript()
        entered: set[int] = set()
        for client in (0, 0, 0, 0, 1):
            message = source.message(choices, transcript, client)
            if client == 1 and entered:
                said[str(read(str(message.data)).get("do"))] += 1
            transcript.events.append(Sent(time=0, client=client, message=message, index=1))
            answer = Message("text", _served(str(message.data), entered, client))
            transcript.events.append(Answered(time=0, client=client, message=answer))
    assert said["enter"] > 1.5 * (said["look"] + said["move"])


async def _opens_and_closes(websocket: WebSocket) -> None:
    while True:
        data = json.loads(await websocket.receive_text())
        if data["do"] == "open":
            print(1)
        elif data["do"] == "close":
            print(2)


async def _only_closes(websocket: WebSocket) -> None:
    while True:
        data = json.loads(await websocket.receive_text())
        if data["do"] == "draw":
            print(1)
        elif data["do"] == "close":
            print(2)


def test_what_ends_that_which_another_command_begins_is_no_goodbye() -> None:
    counted = [
        Counter(str(read(t).get("do")) for c in conversations(handler, 200) for t in c)["close"]
        for handler in (_opens_and_closes, _only_closes)
    ]
    assert counted[0] > 1.15 * counted[1]
