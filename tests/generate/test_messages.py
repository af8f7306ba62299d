"""The messages of one route: their kinds, their sizes, and that each sort of them occurs."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypedDict

import hypothesis
import msgspec
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from pytest_routes.generate.choices import HypothesisChoices, RandomChoices
from pytest_routes.generate.messages import MessageSource, message_source
from pytest_routes.generate.registry import Registration, WrongMessage
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Answered, Opened, Sent, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


async def _reads_json(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        if data["action"] == "subscribe":
            print(data["channel"])


async def _parses_text(ws: Any) -> None:
    while True:
        json.loads(await ws.receive_text())


async def _reads_text(ws: Any) -> None:
    while True:
        await ws.receive_text()


async def _reads_bytes(ws: Any) -> None:
    while True:
        await ws.receive_bytes()


async def _hello_then_queries(ws: Any) -> None:
    hello = await ws.receive_json()
    if hello["password"] != "swordfish":
        return
    while True:
        data = await ws.receive_json()
        print(data["query"])


async def _says_nothing(ws: Any) -> None:
    await ws.accept()


def route(handler: Any = None, **more: Any) -> Route:
    return Route("websocket", "/ws", handler=handler, **more)


def messages(
    source: MessageSource, conversations: int = 100, each: int = 5, seed: int = 1
) -> Iterator[Message]:
    choices = RandomChoices(seed)
    for _ in range(conversations):
        transcript = Transcript()
        transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/ws")))
        for index in range(1, each + 1):
            message = source.message(choices, transcript)
            transcript.events.append(Sent(time=0, client=0, message=message, index=index))
            yield message


# Kinds.


@pytest.mark.parametrize(
    ("handler", "kinds"),
    [
        (_reads_json, ("json",)),
        (_parses_text, ("text", "json")),
        (_reads_text, ("text",)),
        (_reads_bytes, ("bytes",)),
        (_says_nothing, ("text", "json", "bytes")),
        (None, ("text", "json", "bytes")),
    ],
)
def test_what_the_handler_reads_is_sent(handler: Any, kinds: tuple[str, ...]) -> None:
    source = message_source(route(handler))
    assert source.kinds == kinds
    assert {message.kind for message in messages(source)} == set(kinds)


def test_what_the_route_declares_goes_before_its_source() -> None:
    assert message_source(route(_reads_text, reads=frozenset({"bytes"}))).kinds == ("bytes",)
    assert message_source(route(_says_nothing, message=dict)).kinds == ("json",)
    assert message_source(route(_says_nothing, message=bytes)).kinds == ("bytes",)


def test_a_declared_text_that_the_handler_parses_is_sent_json_too() -> None:
    source = message_source(route(_parses_text, reads=frozenset({"text"})))
    assert source.kinds == ("text", "json")


def test_what_the_user_asks_for_goes_before_everything() -> None:
    source = message_source(route(_reads_text), kinds=("bytes", "json"))
    assert source.kinds == ("bytes", "json")
    assert {message.kind for message in messages(source)} == {"bytes", "json"}


def test_json_is_json_whatever_happens_to_it() -> None:
    for handler in (_reads_json, _parses_text, None):
        for message in messages(message_source(route(handler)), 400):
            if message.kind == "json":
                assert isinstance(message.data, str)
                json.loads(message.data)
                message.data.encode()


def test_json_for_a_strict_framework_has_no_numbers_that_are_none() -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for message in messages(message_source(route(_reads_json, framework="litestar")), 400):
        value = json.loads(message.data, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()


def test_text_has_utf_8() -> None:
    for message in messages(message_source(route(_reads_text)), 400):
        assert isinstance(message.data, str)
        message.data.encode()


def test_text_that_is_not_json_is_sent_to_those_who_parse_it_themselves() -> None:
    def is_json(message: Message) -> bool:
        try:
            json.loads(message.data)
        except ValueError:
            return False
        return True

    assert not all(map(is_json, messages(message_source(route(_parses_text)))))
    assert all(map(is_json, messages(message_source(route(_reads_json)))))


@pytest.mark.parametrize(
    ("handler", "unexpected"),
    [
        (_reads_json, {("text", "{"), ("text", ""), ("bytes", b"")}),
        (_parses_text, {("bytes", b"")}),
        (_reads_bytes, {("text", "")}),
        (None, set()),
    ],
)
def test_kinds_that_the_handler_does_not_read_are_only_for_probing(
    handler: Any, unexpected: set[tuple[str, str | bytes]]
) -> None:
    source = message_source(route(handler))
    probes = {(message.kind, message.data) for message in source.unexpected()}
    assert unexpected <= probes
    assert {kind for kind, _ in probes}.isdisjoint(source.kinds)


# How often each sort of message occurs.


SORTS: dict[str, tuple[Any, Callable[[Message], bool]]] = {
    "empty text": (_reads_text, lambda m: m.data == ""),
    "empty bytes": (_reads_bytes, lambda m: m.data == b""),
    "empty object": (_reads_json, lambda m: m.data == "{}"),
    "array for an object": (_reads_json, lambda m: m.data.startswith("[")),  # type: ignore[arg-type]
    "null": (_reads_json, lambda m: m.data == "null"),
    "long text": (_reads_text, lambda m: m.size > 32768),
    "long JSON": (_reads_json, lambda m: m.size > 32768),
    "long bytes": (_reads_bytes, lambda m: m.size > 32768),
    "a missing key": (_reads_json, lambda m: m.data == '{"action": "subscribe"}'),
    "a whole command": (_reads_json, lambda m: '"subscribe", "channel": ' in m.data),  # type: ignore[operator]
    "not JSON": (_parses_text, lambda m: m.kind == "text" and m.data[:1] not in ("", "[")),
    "NUL": (_reads_text, lambda m: "\x00" in m.data),  # type: ignore[operator]
    "an astral character": (_reads_text, lambda m: any(ord(c) > 0xFFFF for c in m.data[:99])),  # type: ignore[arg-type]
    "a lone surrogate": (_reads_json, lambda m: "\\ud8" in m.data),  # type: ignore[operator]
    "no UTF-8": (_reads_bytes, lambda m: m.data[:1] == b"\xff"),
}


@pytest.mark.parametrize("name", SORTS)
def test_every_sort_occurs_in_a_hundred_conversations(name: str) -> None:
    handler, wanted = SORTS[name]
    source = message_source(route(handler))
    for seed in range(10):
        assert sum(map(wanted, messages(source, seed=seed))) >= 1


def test_earlier_messages_are_said_again() -> None:
    source = message_source(route(_reads_text))
    choices = RandomChoices(1)
    transcript = Transcript()
    said = Message("text", "the magic words")
    transcript.events.append(Sent(time=0, client=0, message=said, index=1))
    again = Counter(source.message(choices, transcript).data for _ in range(500))
    assert again["the magic words"] >= 10


def test_what_the_server_says_is_used_under_the_same_or_a_similar_key() -> None:
    source = message_source(route(_reads_json))
    transcript = Transcript()
    told = Message("text", '{"news_channel": "c-71", "other": 3}')
    transcript.events.append(Answered(time=0, client=0, message=told))
    choices = RandomChoices(1)
    sent = [source.message(choices, transcript).data for _ in range(500)]
    assert sum('"channel": "c-71"' in str(data) for data in sent) >= 20


def test_what_is_taken_first_is_sent_first() -> None:
    source = message_source(route(_hello_then_queries))
    conversations = 200
    sent = [message.data for message in messages(source, conversations, 2)]
    hellos = sum(data == '{"password": "swordfish"}' for data in sent[::2])
    assert hellos > conversations / 4
    assert sum("query" in str(data) for data in sent[1::2]) > conversations / 4


# Sizes.


@pytest.mark.parametrize("most", [0, 1, 2, 5, 16, 100, 1000, 65536, 1_000_000])
@pytest.mark.parametrize("handler", [_reads_text, _reads_json, _reads_bytes, _parses_text])
def test_no_message_is_over_the_limit(handler: Any, most: int) -> None:
    source = message_source(route(handler), max_size=most)
    for message in messages(source, 100):
        assert message.size <= most


@pytest.mark.parametrize("most", [100, 1000, 65536, 1_000_000])
@pytest.mark.parametrize("handler", [_reads_text, _reads_json, _reads_bytes])
def test_sizes_up_to_the_limit_occur(handler: Any, most: int) -> None:
    source = message_source(route(handler), max_size=most)
    assert max(message.size for message in messages(source, 1000, 4)) >= 0.9 * most


class TooLong(Exception):
    pass


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("handler", [_reads_text, _reads_bytes])
def test_a_crash_on_size_shrinks_to_its_threshold(handler: Any) -> None:
    source = message_source(route(handler))
    threshold = 40_000
    smallest = 10**9

    @st.composite
    def drawn(draw: Any) -> Message:
        return source.message(HypothesisChoices(draw), Transcript())

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=500,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @hypothesis.given(drawn())
    def crashes(message: Message) -> None:
        nonlocal smallest
        if message.size > threshold:
            smallest = min(smallest, message.size)
            raise TooLong

    with pytest.raises(TooLong):
        crashes()
    assert threshold < smallest <= threshold + 600, smallest


# Declared types.


class Order(TypedDict):
    symbol: str
    quantity: int


def test_declared_types_are_mostly_satisfied_and_sometimes_broken() -> None:
    source = message_source(route(_says_nothing, message=Order))
    values = [json.loads(message.data) for message in messages(source)]
    valid = [
        v
        for v in values
        if isinstance(v, dict)
        and isinstance(v.get("symbol"), str)
        and type(v.get("quantity")) is int
    ]
    assert len(values) * 0.5 < len(valid) < len(values) * 0.9
    assert any(isinstance(v, dict) and set(v) == {"symbol"} for v in values)
    assert any(isinstance(v, dict) and v.get("quantity") is None and len(v) == 2 for v in values)


# Registered strategies.


def registration(kind: Any, strategy: Any, weight: float = 1.0) -> Registration:
    return Registration("/ws", kind, strategy, weight, "conftest.py:3")


def drawn(source: MessageSource, count: int = 50) -> list[Message]:
    found: list[Message] = []

    @st.composite
    def message(draw: Any) -> Message:
        return source.message(HypothesisChoices(draw), Transcript())

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(message())
    def collect(message: Message) -> None:
        found.append(message)

    collect()
    return found


def test_a_registered_strategy_makes_all_messages_of_its_kind() -> None:
    strategy = st.fixed_dictionaries({"type": st.sampled_from(["typing", "presence"])})
    source = message_source(route(_reads_text), registrations=[registration("json", strategy)])
    assert source.kinds == ("json",)
    assert {m.data for m in drawn(source)} == {'{"type": "typing"}', '{"type": "presence"}'}


def test_a_weight_leaves_room_for_the_usual_messages() -> None:
    mine = registration("text", st.just("mine"), weight=0.5)
    source = message_source(route(_reads_text), registrations=[mine])
    counts = Counter(m.data == "mine" for m in drawn(source, 200))
    assert counts[True] > 15
    assert counts[False] > 15


@pytest.mark.parametrize(
    ("kind", "value", "complaint"),
    [
        ("text", b"a", "the strategy must yield a str, but it yielded bytes: b'a'"),
        (
            "text",
            "\ud800",
            "the strategy must yield text that has UTF-8 (surrogates not allowed), ",
        ),
        ("bytes", "a", "the strategy must yield bytes, but it yielded str: 'a'"),
        ("json", {1, 2}, "the strategy must yield what json.dumps takes "),
        ("graphql", "subscribe", "the strategy must yield a dict, but it yielded str: 'subscribe'"),
    ],
)
def test_a_strategy_that_yields_something_else_is_named(
    kind: Any, value: Any, complaint: str
) -> None:
    source = message_source(route(_reads_text), registrations=[registration(kind, st.just(value))])
    with pytest.raises(WrongMessage) as wrong:
        drawn(source)
    assert str(wrong.value).startswith(
        f"register_message_strategy('/ws', '{kind}', ...) in conftest.py:3: {complaint}"
    )


def test_surrogates_of_a_json_strategy_travel_as_escapes() -> None:
    source = message_source(
        route(_reads_json), registrations=[registration("json", st.just({"a": "\ud800é"}))]
    )
    assert drawn(source, 1)[0].data == '{"a": "\\ud800\\u00e9"}'


def test_messages_of_a_strategy_that_are_too_large_are_left_out() -> None:
    sizes = st.sampled_from([10, 100, 1000]).map(lambda size: "a" * size)
    source = message_source(
        route(_reads_text), max_size=100, registrations=[registration("text", sizes)]
    )
    assert {message.size for message in drawn(source)} == {10, 100}


async def _compares_something_with_bytes(websocket: Any) -> None:
    event = await websocket.anything()
    if event["kind"] == b"\xff":
        raise ValueError(event["name"])


def test_bytes_that_the_source_compares_with_are_text_in_json() -> None:
    source = message_source(route(_compares_something_with_bytes), kinds=("json",))
    choices = RandomChoices(1)
    said = {str(source.message(choices, Transcript()).data) for _ in range(500)}
    assert any('"kind": "ÿ"' in each for each in said)


async def _takes_a_mapping(websocket: Any) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        match msgspec.json.decode(text, type=dict[str, str]):
            case {"type": "leave", "room": room}:
                await websocket.send_text(room)


def test_a_declared_mapping_has_the_members_that_a_branch_asks_for() -> None:
    source = message_source(route(_takes_a_mapping))
    choices = RandomChoices(1)
    said = [str(source.message(choices, Transcript()).data) for _ in range(300)]
    assert sum('"type": "leave"' in each and '"room": "' in each for each in said) > 30
