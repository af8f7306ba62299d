from __future__ import annotations

import json
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

from pytest_routes.config import Config
from pytest_routes.generate import written
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.conversation import DrawnScript, Plan
from pytest_routes.generate.registry import WrongMessage
from pytest_routes.generate.written import WrittenScript, conversation_for, scripts
from pytest_routes.routes import Route
from pytest_routes.simulator.conversation import Handshake, Message, Send
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Answered, Left, Sent, Transcript, Waited
from pytest_routes.websocket import Leave, Wait, register_conversation, unregister_conversation
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.examine import examine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_routes.search import Found


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    known = written._registrations[:]
    written._registrations.clear()
    yield
    written._registrations[:] = known


class Drawing:
    """Choices that draw the same value of every strategy."""

    draws = True

    def index(self, n: int) -> int:  # noqa: ARG002
        return 0

    def draw(self, strategy: Any) -> Any:  # noqa: ARG002
        return 42


async def market(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        if event.get("text") == "stop":
            await send({"type": "websocket.close", "code": 4000})
            return
        await send({"type": "websocket.send", "text": json.dumps({"took": event.get("text")})})


def held(function: Any) -> Transcript:
    """The conversation that a function leads with the market."""
    register_conversation("/ws", function)
    registration = conversation_for("/ws")
    assert registration is not None
    server = Server()
    try:
        with server.on_duty():
            server.start(market)
            script = WrittenScript(Drawing(), registration, lambda *_: Handshake("/ws"))
            transcript = Engine(server, Limits()).run(script)
            server.stop()
    finally:
        server.close()
    return transcript


def sent(transcript: Transcript) -> list[tuple[str, str | bytes]]:
    return [(event.message.kind, event.message.data) for event in transcript.of(Sent)]


def test_what_is_yielded_is_sent_by_its_type() -> None:
    def talk(draw: Any) -> Any:
        yield {"offer": draw(st.integers())}
        yield [1]
        yield "text"
        yield b"\x00"

    assert sent(held(talk)) == [
        ("json", '{"offer": 42}'),
        ("json", "[1]"),
        ("text", "text"),
        ("bytes", b"\x00"),
    ]


def test_yield_returns_what_the_server_has_said_since() -> None:
    def talk(draw: Any) -> Any:
        (answer,) = yield "first"
        yield json.loads(answer)

    assert sent(held(talk)) == [("text", "first"), ("json", '{"took": "first"}')]


def test_steps_are_done_as_they_are() -> None:
    def talk(draw: Any) -> Any:
        yield Wait(30)
        yield Leave(0, 1001)

    transcript = held(talk)
    assert [event.seconds for event in transcript.of(Waited)] == [30]
    assert [event.code for event in transcript.of(Left)] == [1001]


def test_the_client_leaves_when_the_function_returns() -> None:
    def talk(draw: Any) -> Any:
        yield "only this"

    transcript = held(talk)
    assert [event.code for event in transcript.of(Left)] == [1000]
    assert len(list(transcript.of(Answered))) == 1


def test_a_conversation_that_the_server_ends_is_over() -> None:
    ended = []

    def talk(draw: Any) -> Any:
        try:
            yield "stop"
            yield "nobody hears this"
        finally:
            ended.append(True)

    assert sent(held(talk)) == [("text", "stop")]
    assert ended == [True]


def test_something_that_cannot_be_sent_is_named() -> None:
    def talk(draw: Any) -> Any:
        yield 7

    with pytest.raises(WrongMessage) as wrong:
        held(talk)
    assert str(wrong.value).startswith("register_conversation('/ws', talk) in ")
    assert str(wrong.value).endswith(
        ": the function must yield a dict, list, str, bytes or a step, but it yielded int: 7"
    )


def test_a_function_that_raises_is_named_with_the_line() -> None:
    def talk(draw: Any) -> Any:
        first, second = yield "one answer"
        yield first + second

    with pytest.raises(WrongMessage) as wrong:
        held(talk)
    place = f"{__file__}:{talk.__code__.co_firstlineno + 1}"
    assert str(wrong.value).startswith("register_conversation('/ws', talk) in ")
    assert str(wrong.value).endswith(
        ": the function raised ValueError: not enough values to unpack (expected 2, got 1) "
        f"({place})"
    )
    assert isinstance(wrong.value.__cause__, ValueError)


def test_what_yield_from_cannot_do_is_told() -> None:
    def talk(draw: Any) -> Any:
        yield from ["a", "b"]

    with pytest.raises(WrongMessage, match="; `yield from` takes generators only: yield each "):
        held(talk)


def test_a_function_may_give_up_what_was_drawn() -> None:
    def talk(draw: Any) -> Any:
        yield "this"
        raise UnsatisfiedAssumption  # as `assume` does

    with pytest.raises(UnsatisfiedAssumption):
        held(talk)


def test_the_latest_function_of_a_route_counts() -> None:
    def first(draw: Any) -> Any:
        yield draw

    def second(draw: Any) -> Any:
        yield draw

    register_conversation("/ws/*", first)
    register_conversation("/ws/chat", second, weight=0.5)
    found = conversation_for("/ws/chat")
    assert found is not None
    assert (found.function, found.weight) == (second, 0.5)
    unregister_conversation("/ws/chat")
    found = conversation_for("/ws/chat")
    assert found is not None
    assert found.function is first
    with pytest.raises(LookupError, match="^no conversation is registered for '/ws/chat'$"):
        unregister_conversation("/ws/chat")


def test_a_weight_leaves_room_for_drawn_conversations() -> None:
    plan = Plan(handshake=lambda *_: Handshake("/ws"), message=lambda *_: Message("text", ""))
    assert type(scripts("/ws", plan)(RandomChoices(1))) is DrawnScript
    register_conversation("/ws", _talk, weight=0.5)
    choices = RandomChoices(1)
    made = Counter(type(scripts("/ws", plan)(choices)) for _ in range(200))
    assert made[DrawnScript] > 50
    assert made[WrittenScript] > 50


def test_a_function_that_does_not_yield_is_refused_at_once() -> None:
    with pytest.raises(
        TypeError,
        match=r"^register_conversation: function must be a generator function \(one with `yield`\)",
    ):
        register_conversation("/ws", lambda draw: draw)
    with pytest.raises(ValueError, match="^register_conversation: pattern 'ws': expected"):
        register_conversation("ws", _talk)


def _talk(draw: Any) -> Any:
    yield draw


def test_what_is_shown_is_what_the_function_says_with_the_simplest_values() -> None:
    """It always says hello and keeps silent, which the handler does not care for."""

    def talk(draw: Any) -> Any:
        yield {"hello": draw(st.text(max_size=3))}
        for _ in range(draw(st.integers(0, 3))):
            yield {"word": draw(st.integers(0, 9))}
        yield Wait(5)
        yield {"stop": draw(st.integers(0, 99))}
        yield "never heard"

    (found,) = examined(talk, lambda text: json.loads(text or "{}").get("stop", 0) > 3)
    assert said_in(found.finding.transcript) == ['{"hello": ""}', 5.0, '{"stop": 4}']


def test_a_function_that_raises_where_it_is_simplified_does_not_hide_the_failure() -> None:
    def talk(draw: Any) -> Any:
        number = draw(st.integers(0, 9999))
        if number == 2:
            raise ValueError("two")
        yield str(number)

    found = examined(talk, lambda text: int(text or 0) > 1)
    assert [said_in(each.finding.transcript) for each in found] == [["3"]]


def test_what_comes_after_a_failure_is_left_out_but_nothing_before() -> None:
    def talk(draw: Any) -> Any:
        yield "a"
        yield "b"
        yield "c"
        yield Leave(0, 1001)

    (found,) = examined(talk, lambda text: text == "b", survives=True)
    assert said_in(found.finding.transcript) == ["a", "b"]
    (found,) = examined(talk, lambda text: text is None, survives=True)
    assert said_in(found.finding.transcript) == ["a", "b", "c", 1001]


def examined(
    function: Any, fails: Callable[[str | None], bool], *, survives: bool = False
) -> list[Found]:
    """What is found where a function leads all conversations with a handler that fails at what
    `fails` says; None: the client has left. `survives`: it logs it."""

    log = logging.getLogger("app")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            text = (await receive()).get("text")
            if fails(text):
                error = LookupError("found")
                if not survives:
                    raise error
                log.error("went wrong", exc_info=error)
            if text is None:
                return

    register_conversation("/ws", function)
    config = Config(max_examples=30, websocket={"checks": {"logged_exception": "error"}})
    server = Server()
    try:
        with server.on_duty():
            server.start(app)
            result, _ = examine(Route("websocket", "/ws"), server, config, 1)
            server.stop()
    finally:
        server.close()
    return [each for each in result.found if isinstance(each.finding.exception, LookupError)]


def said_in(transcript: Transcript) -> list[Any]:
    """What the client did after it was connected."""
    told = {Send: lambda step: step.message.data, Wait: lambda step: step.seconds}
    return [told.get(type(step), lambda step: step.code)(step) for step in transcript.steps[1:]]
