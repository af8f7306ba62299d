"""What is mined of handlers that are written in the ways that people write them."""

from __future__ import annotations

import base64
import functools
import gc
import json
import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import msgspec
import pytest
from fastapi import Depends, WebSocket
from pydantic import BaseModel, TypeAdapter

from pytest_routes.generate.messages import message_source
from pytest_routes.generate.vocabulary import NOTHING, Asked, Site, Term, Vocabulary, mine
from pytest_routes.routes.model import Route


def site_of(vocabulary: Vocabulary) -> Site:
    (site,) = vocabulary.sites
    return site


def field(term: Term, *names: str) -> Term:
    for name in names:
        term = term.children["field", name]
    return term


def shapes(site: Site) -> list[tuple[dict[str, Any], set[str]]]:
    """Each shape as what it asks (the values by key) and the keys that it reads."""
    return [
        (
            {str(c.term.key): c.values for c in shape.conditions},
            {str(t.key) for t in shape.reads if t.role == "field"},
        )
        for shape in site.shapes
    ]


# Frames.


async def _text(ws: Any) -> None:
    await ws.receive_text()


async def _json(ws: Any) -> None:
    await ws.receive_json()


async def _json_in_bytes(ws: Any) -> None:
    await ws.receive_json(mode="binary")


async def _bytes(ws: Any) -> None:
    async for data in ws.iter_bytes():
        await ws.send_bytes(data)


async def _parsed_text(ws: Any) -> None:
    async for text in ws.iter_text():
        json.loads(text)


async def _raw_text(scope: Any, receive: Any, send: Any) -> None:
    event = await receive()
    if event["type"] == "websocket.receive":
        event["text"].upper()


async def _raw_either(ws: Any) -> None:
    message = await ws.receive()
    if message.get("bytes") is not None:
        return
    message["text"].upper()


async def _elsewhere(ws: Any) -> None:
    await _take(ws, times=1)


async def _take(socket: Any, times: int) -> Any:
    return await socket.receive_bytes() if times else None


async def _litestar_data(socket: Any) -> None:
    await socket.receive_data(mode="binary")


async def _messagepack(socket: Any) -> None:
    await socket.receive_msgpack()


async def _never(ws: Any) -> None:
    await ws.accept()
    await ws.send_text("hello")


class _Endpoint:
    encoding = "json"

    async def on_receive(self, websocket: Any, data: Any) -> None:
        await websocket.send_json(data)


def _listener(data: bytes) -> None:
    print(data)


@pytest.mark.parametrize(
    ("handler", "frames"),
    [
        (_text, {"text"}),
        (_json, {"json"}),
        (_json_in_bytes, {"bytes"}),
        (_bytes, {"bytes"}),
        (_parsed_text, {"text", "json"}),
        (_raw_text, {"text"}),
        (_raw_either, {"text", "bytes"}),
        (_elsewhere, {"bytes"}),
        (_litestar_data, {"bytes"}),
        (_messagepack, {"bytes"}),
        (_Endpoint, {"json"}),
        (_listener, {"bytes"}),
        (functools.partial(_take, times=1), {"bytes"}),
        (_never, None),
    ],
)
def test_the_frames_that_a_handler_reads(handler: Any, frames: set[str] | None) -> None:
    assert mine(handler).frames == (None if frames is None else frozenset(frames))


@pytest.mark.parametrize("handler", [None, print, len, json.JSONDecoder, "no handler"])
def test_a_source_that_cannot_be_read_says_nothing(handler: Any) -> None:
    assert mine(handler) == NOTHING


def test_a_frameworks_own_source_is_not_read() -> None:
    from starlette.endpoints import WebSocketEndpoint

    class Quiet(WebSocketEndpoint):
        encoding = "text"

    assert mine(Quiet).frames is None


def test_nothing_is_executed() -> None:
    class Touchy:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"{name} was looked up")

    touchy = Touchy()

    async def handler(ws: Any) -> None:
        data = await ws.receive_json()
        if touchy.limit == data["n"] or touchy[data["n"]]:
            touchy.call(data)

    assert mine(handler).frames == {"json"}


# Keys, values and which belong together.


class Action(StrEnum):
    JOIN = "join"
    PART = "part"


Verb = Literal["get", "put"]
VERBS = get_args(Verb)


async def _branches(ws: Any) -> None:
    data = await ws.receive_json()
    action = data["action"]
    if action == "subscribe":
        print(data["channel"])
    elif action in ("say", "shout"):
        print(data["text"].upper())
    elif action == Action.JOIN:
        print(data.get("room"))


def test_what_one_branch_asks_and_reads_belongs_together() -> None:
    assert shapes(site_of(mine(_branches))) == [
        ({}, {"action"}),
        ({"action": ("subscribe",)}, {"action", "channel"}),
        ({"action": ("say", "shout")}, {"action", "text"}),
        ({"action": ("join",)}, {"action", "room"}),
    ]


def test_values_belong_to_their_key() -> None:
    term = site_of(mine(_branches)).term
    assert field(term, "action").values == ["subscribe", "say", "shout", "join"]
    assert field(term, "channel").values == []
    assert list(field(term, "text").uses) == ["str", "folded"]


async def _leaves_early(ws: Any) -> None:
    data = await ws.receive_json()
    if data["type"] != "hello":
        await ws.close()
        return
    print(data["name"])


def test_what_stands_behind_an_early_exit_is_under_its_negation() -> None:
    assert shapes(site_of(mine(_leaves_early))) == [
        ({}, {"type"}),
        ({"type": ("hello",)}, {"type", "name"}),
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and value < 100


def _is_order(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return value.get("type") == "order"


def _is_paid(value: Any) -> bool:
    if value["status"] != "paid":
        return False
    print(value)
    return True


async def _judges(ws: Any) -> None:
    data = await ws.receive_json()
    if not _is_order(data) or not _is_paid(data) or not _is_number(data.get("amount")):
        return
    print(data["customer"])


def test_functions_that_judge_a_message_are_conditions() -> None:
    assert shapes(site_of(mine(_judges)))[-1] == (
        {"type": ("order",), "status": ("paid",), "amount": (99, 0, 1, -1), "json": ("dict",)},
        {"type", "status", "amount", "customer"},
    )


async def _until_goodbye(ws: Any) -> None:
    while (text := await ws.receive_text()) != "bye":
        await ws.send_text(text)
    await ws.close()


async def _until_logout(ws: Any) -> None:
    while await ws.receive_text() != "logout":
        pass
    await ws.close()


@pytest.mark.parametrize(("handler", "word"), [(_until_goodbye, "bye"), (_until_logout, "logout")])
def test_what_ends_a_loop_is_a_way_through_the_handler(handler: Any, word: str) -> None:
    asked = [{c.values for c in shape.conditions} for shape in site_of(mine(handler)).shapes]
    assert {(word,)} in asked


async def _matches(ws: Any) -> None:
    match await ws.receive_json():
        case {"type": "move", "to": [int(x), int(y)]}:
            print(x, y)
        case {"type": "say" | "yell", "text": str(text)}:
            print(text)


def test_match_patterns() -> None:
    site = site_of(mine(_matches))
    assert field(site.term, "type").values == ["move", "say", "yell"]
    assert field(site.term, "to").lengths == [2]
    kinds = [(c.operation, c.values) for c in site.shapes[-1].conditions]
    assert ("is", ("say", "yell")) in kinds or ("is", ("move",)) in kinds
    assert len(site.shapes) == 3


async def _subscribed(ws: Any, data: dict[str, Any]) -> None:
    print(ws, data["topic"])


async def _published(ws: Any, data: dict[str, Any]) -> None:
    print(ws, len(data["body"]) > 10)


TABLE = {"sub": _subscribed, "pub": _published}


async def _table(ws: Any) -> None:
    data = await ws.receive_json()
    handler = TABLE.get(data["op"])
    if handler is not None:
        await handler(ws, data)


class ByName:
    async def on_receive(self, websocket: Any, data: Any) -> None:  # noqa: ARG002
        await getattr(self, f"on_{data['op']}_message")(data)

    async def on_sub_message(self, data: Any) -> None:
        print(data["topic"])

    async def on_pub_message(self, data: Any) -> None:
        print(len(data["body"]) > 10)


@pytest.mark.parametrize("handler", [_table, ByName])
def test_a_dispatch_table_leads_to_what_it_holds(handler: Any) -> None:
    found = shapes(site_of(mine(handler)))
    assert ({"op": ("sub",)}, {"op", "topic"}) in found
    assert ({"op": ("pub",)}, {"op", "body"}) in found


async def _many_ways(ws: Any) -> None:
    data = await ws.receive_json()
    print(data["a"]["b"]["c"])
    for item in data.get("items", []):
        print(item["id"] * 2)
    data.pop("popped", None)
    data.setdefault("kept", 0)
    if "present" in data:
        print(data)
    for key in ("x", "y"):
        float(data[key])
    missing = {"p", "q"} - data.keys()
    print(missing)


def test_ways_to_look_into_an_object() -> None:
    term = site_of(mine(_many_ways)).term
    assert {key for role, key in term.children if role == "field"} == {
        "a", "items", "popped", "kept", "present", "x", "y", "p", "q",
    }  # fmt: skip
    assert ("field", "c") in field(term, "a", "b").children
    assert ("field", "id") in field(term, "items").children["item", None].children
    assert list(field(term, "x").uses) == ["float"]
    assert field(term, "present").optional
    assert not field(term, "a").optional


async def _limits(ws: Any) -> None:
    data = await ws.receive_json()
    if data["n"] > 100:
        print(data["big"])
    if len(data["name"]) <= 8 and data["name"].startswith("x-"):
        print("short")
    if VERBS.index(data["verb"]) or data["verb"] in VERBS:
        print(int(data["count"]))


def test_numbers_and_lengths_are_remembered_where_they_matter() -> None:
    site = site_of(mine(_limits))
    assert field(site.term, "n").bounds == [100]
    assert field(site.term, "name").lengths == [8]
    assert field(site.term, "name").prefixes == ["x-"]
    assert field(site.term, "verb").values == ["get", "put"]
    over = next(s for s in site.shapes if any(t.key == "big" for t in s.reads))
    assert [(c.operation, c.values) for c in over.conditions] == [("near", (101,))]


async def _enumerated(ws: Any) -> None:
    data = await ws.receive_json()
    if Action(data["action"]) is Action.PART:
        print(data["reason"])


def test_members_of_enumerations_are_values() -> None:
    site = site_of(mine(_enumerated))
    assert field(site.term, "action").values == ["join", "part"]
    assert ({"action": ("part",)}, {"action", "reason"}) in shapes(site)


async def _told(ws: Any, token: str) -> None:
    data = await ws.receive_json()
    if data["token"] == token:
        print(data["a"] == data["b"])


def test_what_only_the_running_application_knows() -> None:
    site = site_of(mine(_told))
    assert field(site.term, "token").told
    assert not field(site.term, "a").told


# Texts and bytes.


async def _commands(ws: Any) -> None:
    text = await ws.receive_text()
    if text.startswith("/nick "):
        name = text[6:]
        print(name == "root")
    elif text == "/quit":
        return
    word, _, rest = text.partition(" ")
    if word == "ADD":
        int(rest)


def test_commands() -> None:
    term = site_of(mine(_commands)).term
    assert term.prefixes == ["/nick "]
    assert term.values == ["/quit"]
    assert term.children["tail", "/nick "].values == ["root"]
    words = term.children["split", " "]
    assert words.children["index", 0].values == ["ADD"]
    assert list(words.children["index", 1].uses) == ["int"]


PART = re.compile(r"(\w+)-(?P<number>\d+)")


async def _expressions(ws: Any) -> None:
    text = await ws.receive_text()
    found = PART.fullmatch(text)
    if found and int(found["number"]) > 9 and found.group(1) == "x":
        print(re.search("[a-z]+", text))


def test_regular_expressions() -> None:
    site = site_of(mine(_expressions))
    assert site.term.patterns == [r"(\w+)-(?P<number>\d+)", "[a-z]+"]
    asked = [(c.operation, c.values) for shape in site.shapes for c in shape.conditions]
    assert ("pattern", (r"(\w+)-(?P<number>\d+)",)) in asked


HEADER = struct.Struct("!BH")


async def _binary(ws: Any) -> None:
    data = await ws.receive_bytes()
    kind, size = HEADER.unpack(data[:3])
    if kind == 7 and size > 40:
        print(data[3:7] == b"SIZE", base64.b64decode(data[7:]))
    if data[0] == 0x80:
        print(data.startswith(b"\x80\x01"))


def test_binary_layouts() -> None:
    term = site_of(mine(_binary)).term
    head = term.children["slice", (None, 3)].children["struct", "!BH"]
    assert head.children["index", 0].values == [7]
    assert head.children["index", 1].bounds == [40]
    assert term.children["slice", (3, 7)].values == [b"SIZE"]
    assert ("base64", None) in term.children["slice", (7, None)].children
    assert term.children["index", 0].values == [0x80]
    assert term.prefixes == [b"\x80\x01"]


# Declared types.


class Ping(BaseModel):
    seq: int


class Pong(msgspec.Struct):
    seq: int


@dataclass
class Note:
    text: str


PINGS = TypeAdapter(list[Ping])


async def _models(ws: Any) -> None:
    text = await ws.receive_text()
    Ping.model_validate_json(text)
    PINGS.validate_json(text)
    msgspec.json.decode(text, type=Pong)
    data = json.loads(text)
    Note(**data)
    TypeAdapter(Ping | Note).validate_python(data)


def test_models_that_a_message_is_passed_to() -> None:
    term = site_of(mine(_models)).term.children["json", None]
    assert [d.annotation for d in term.models] == [Ping, list[Ping], Pong, Note, Ping | Note]


async def _attributes(ws: Any) -> None:
    ping = Ping.model_validate(await ws.receive_json())
    if ping.seq >= 5:
        print(ping)


def test_attributes_of_a_model_are_its_members() -> None:
    term = site_of(mine(_attributes)).term
    assert field(term, "seq").bounds == [5]


# Where the socket goes.


class Manager:
    def __init__(self) -> None:
        self.limit = 3

    async def take(self, websocket: WebSocket) -> Any:
        data = await websocket.receive_json()
        return data["payload"]


def manager() -> Manager:
    return Manager()


async def _injected(websocket: WebSocket, rooms: Annotated[Manager, Depends(manager)]) -> None:
    payload = await rooms.take(websocket)
    print(payload["id"])


def test_objects_that_a_framework_injects_are_followed() -> None:
    term = site_of(mine(_injected)).term
    assert ("field", "id") in field(term, "payload").children


async def _twice(ws: Any) -> None:
    hello = await ws.receive_json()
    if hello["token"] != "secret":
        return
    while True:
        data = await ws.receive_json()
        print(data["query"])


def test_a_message_that_is_taken_once_is_told_from_those_of_the_loop() -> None:
    first, then = mine(_twice).sites
    assert (first.repeated, then.repeated) == (False, True)
    assert field(first.term, "token").values == ["secret"]
    assert ("field", "query") in then.term.children


async def _negotiates(ws: Any) -> None:
    if "chat.v2" in ws.scope["subprotocols"]:
        await ws.accept(subprotocol="chat.v2")
    elif ws.headers.get("Sec-WebSocket-Protocol") == "chat.v1":
        await ws.accept("chat.v1")
    else:
        await ws.send({"type": "websocket.accept", "subprotocol": "chat"})


class Offering:
    subprotocols = ("graphql-ws",)


NEWEST_LAST = ["chat.v1", "chat.v2"]


def _newest(offered: list[str]) -> str | None:
    return NEWEST_LAST[-1] if offered else None


async def _accepts_the_newest(socket: Any) -> None:
    await socket.accept(subprotocols=_newest(socket.scope.get("subprotocols", [])))


async def _accepts_whatever(ws: Any) -> None:
    await ws.accept(subprotocol=ws.scope["subprotocols"][0])


async def _accepts_none(ws: Any) -> None:
    await ws.accept(subprotocol=None, headers=[])


def test_a_subprotocol_is_known_that_a_function_chooses() -> None:
    assert "chat.v2" in mine(_accepts_the_newest).subprotocols


def offered(handler: Any, **options: Any) -> tuple[str, ...]:
    route = Route(kind="websocket", path="/ws", handler=handler)
    return message_source(route, **options).subprotocols


def test_a_graphql_server_is_offered_what_it_knows() -> None:
    told = offered(_accepts_whatever, kinds=("graphql",))
    assert told == ("graphql-transport-ws", "graphql-ws")


def test_where_no_name_of_a_subprotocol_can_be_read_one_is_made_up() -> None:
    assert offered(_accepts_whatever) == ("chat",)
    assert offered(_accepts_none) == ()


def test_subprotocols() -> None:
    assert mine(_negotiates).subprotocols == ("chat.v2", "chat.v1", "chat")
    assert mine(Offering).subprotocols == ("graphql-ws",)


async def _guarded(ws: Any) -> None:
    print(ws)


def _dependency(token: str) -> None:
    print(token == "letmein")


def test_dependencies_are_read_too() -> None:
    assert mine(_guarded, (_dependency,)).parameters == (Asked("token", None, ("letmein",)),)


def _recursive(ws: Any, depth: int = 0) -> Any:
    return _recursive(ws, depth + 1) if depth else _also_recursive(ws)


def _also_recursive(ws: Any) -> Any:
    return _recursive(ws, 1), ws.receive_text()


def test_recursion_comes_to_an_end() -> None:
    assert mine(_recursive).frames == {"text"}


def test_what_a_thread_or_a_task_is_given_is_read() -> None:
    def work(text: str, limit: int) -> bool:
        return text == "stop" and limit > 0

    async def handler(ws: Any, pool: Any) -> None:
        text = await ws.receive_text()
        await pool.run_in_executor(None, work, text, 5)

    assert site_of(mine(handler)).term.values == ["stop"]


# What the application keeps from one message to the next.


class _Counter:
    def __init__(self) -> None:
        self.version = 0
        self.names = {"root"}

    def change(self, message: Any) -> None:
        if message["version"] != self.version:
            raise ValueError("version")
        self.version += 1

    def add(self, message: Any) -> None:
        if message["name"] in self.names:
            raise ValueError("taken")
        self.names.add(message["name"])


async def _counting(ws: Any) -> None:
    counter = _Counter()
    while True:
        message = await ws.receive_json()
        counter.change(message)
        counter.add(message)


def test_what_is_counted_up_is_not_only_what_it_was_first() -> None:
    version = field(site_of(mine(_counting)).term, "version")
    assert version.told
    assert version.values == [0]


def test_a_set_that_is_added_to_holds_more_than_what_is_written_down() -> None:
    assert field(site_of(mine(_counting)).term, "name").told


async def _storing(ws: Any) -> None:
    flags: dict[str, Any] = {}
    while True:
        message = await ws.receive_json()
        if message["do"] == "define":
            flags[message["flag"]] = message["size"]
        elif message["do"] == "show":
            size = flags.get(message["flag"])
            if size is None:
                continue
            await ws.send_json(size)


def test_a_value_that_is_found_again_says_nothing_of_the_present_message() -> None:
    site = site_of(mine(_storing))
    assert field(site.term, "flag").told
    shown = [reads for asked, reads in shapes(site) if asked.get("do") == ("show",)]
    assert shown == [{"do", "flag"}]


# Ways in which keys and values are looked at.


async def _importing(ws: Any) -> None:
    import json as parser

    while True:
        if parser.loads(await ws.receive_text())["kind"] == "ping":
            await ws.send_text("pong")


def test_imports_inside_a_function_are_followed() -> None:
    site = site_of(mine(_importing))
    assert field(site.term.children["json", None], "kind").values == ["ping"]


async def _in_a_range(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        if message["x"] not in range(5):
            continue
        await ws.send_json(message["x"])


def test_the_numbers_of_a_range_are_values() -> None:
    assert field(site_of(mine(_in_a_range)).term, "x").values == [0, 1, 2, 3, 4]


async def _stripped(ws: Any) -> None:
    while True:
        fields = [piece.strip() for piece in (await ws.receive_text()).split(",")]
        if fields[0] == "open":
            await ws.send_text(fields[1])


def test_pieces_that_are_stripped_one_by_one_keep_their_places() -> None:
    pieces = site_of(mine(_stripped)).term.children["split", ","]
    assert pieces.children["index", 0].values == ["open"]
    assert ("index", 1) in pieces.children


def _needed(message: Any, key: str, wanted: type) -> Any:
    value = message.get(key)
    if not isinstance(value, wanted):
        raise ValueError(key)
    return value


async def _needing(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        name = _needed(message, "name", str)
        size = _needed(message, "size", int)
        await ws.send_json([name, size])


def test_what_a_function_insists_on_holds_behind_its_call() -> None:
    asked = [asked for asked, _ in shapes(site_of(mine(_needing)))]
    assert {"name": ("str",), "size": ("int",)} in asked


async def _either(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        if "define" in message:
            await ws.send_json(message["define"]["size"])
        elif "show" in message:
            await ws.send_json(message["show"]["name"])


def test_a_branch_leaves_out_the_key_that_another_branch_is_entered_with() -> None:
    reads = [reads for asked, reads in shapes(site_of(mine(_either))) if "show" in asked]
    assert reads == [{"show", "name"}]


@dataclass
class _Start:
    label: str


@dataclass
class _Stop:
    reason: str


@functools.singledispatch
def _done(command: Any) -> Any:
    raise TypeError(command)


@_done.register
def _(command: _Start) -> Any:
    return command.label == "now"


@_done.register
def _(command: _Stop) -> Any:
    return command.reason == "late"


_CLASSES: dict[str, type] = {"start": _Start, "stop": _Stop}


async def _dispatching(ws: Any) -> None:
    while True:
        message = await ws.receive_json()
        command = _CLASSES[message.pop("do")](**message)
        await ws.send_json(_done(command))


def test_functions_of_single_dispatch_are_read_for_their_own_type() -> None:
    site = site_of(mine(_dispatching))
    assert field(site.term, "label").values == ["now"]
    assert field(site.term, "reason").values == ["late"]
    asked = [asked for asked, _ in shapes(site) if asked.get("label") == ("now",)]
    assert [each["do"] for each in asked] == [("start",)]


def convert(text: str) -> bool:
    return text.startswith("km ")


async def _converting(ws: Any) -> None:
    while True:
        await ws.send_json(convert(await ws.receive_text()))


def test_a_function_of_the_application_is_not_taken_for_a_library_s_of_the_same_name() -> None:
    assert site_of(mine(_converting)).term.prefixes == ["km "]


async def _of_request(request: Any) -> Any:
    body = await request.json()
    return body["text"] if body["kind"] == "a" else None


def test_the_body_of_a_request_is_a_message() -> None:
    site = site_of(mine(_of_request))
    assert site.frame == "json"
    assert field(site.term, "kind").values == ["a"]


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(enabled: bool) -> None:
    async def handler(ws: Any) -> None:
        await ws.receive_json()

    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        assert mine(handler).frames is not None
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()
