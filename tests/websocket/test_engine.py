"""Running one conversation: what is waited for, what is noticed, what is cleared away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import anyio
import anyio.to_thread
import pytest

from pytest_routes.checks.finding import Finding
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Recorded,
    Send,
    Step,
    Vanish,
    Wait,
)
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Blocked,
    Flooded,
    Left,
    Raised,
    Returned,
    Sent,
    Stuck,
    TaskFailed,
    TaskLeft,
    Transcript,
    Vanished,
    Waited,
)
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.minimise import minimise

App: TypeAlias = Callable[..., Awaitable[object]]
ACCEPT = {"type": "websocket.accept"}
OPEN = Open(0, Handshake("/"))
LIMITS = Limits(connection_timeout=30.0, message_timeout=10.0)


def text(data: str, client: int = 0, *, settle: bool = True) -> Send:
    return Send(client, Message("text", data), settle)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


def engine_for(server: Server, app: App) -> Engine:
    async def websocket_only(scope: Any, receive: Any, send: Any) -> object:
        assert scope["type"] == "websocket"
        return await app(scope, receive, send)

    server.start(websocket_only)
    return Engine(server, LIMITS)


def run(server: Server, app: App, *steps: Step) -> Transcript:
    return engine_for(server, app).run(Recorded(steps))


def handler(react: Callable[[str, Any], Awaitable[object]]) -> App:
    """An application that accepts and calls `react` with each text, until the client leaves."""

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while (event := await receive())["type"] == "websocket.receive":
            await react(event["text"], send)

    return app


async def echo(data: str, send: Any) -> None:
    await send({"type": "websocket.send", "text": data})


async def nothing(_data: str, _send: Any) -> None:
    return


def test_steps_and_their_effects_are_written_down_in_order(server: Server) -> None:
    transcript = run(server, handler(echo), OPEN, text("a"), Wait(5), text("b"), Leave(0, 1001))
    assert [type(event).__name__ for event in transcript.events] == [
        "Opened",
        "Accepted",
        "Sent",
        "Taken",
        "Answered",
        "Waited",
        "Sent",
        "Taken",
        "Answered",
        "Left",
        "Told",
        "Returned",
    ]
    assert len(transcript.steps) == 5
    waited = transcript.first(Waited)
    assert waited is not None
    assert (waited.time, waited.seconds) == (pytest.approx(0), pytest.approx(5))


def test_a_client_that_the_script_leaves_connected_says_goodbye(server: Server) -> None:
    transcript = run(server, handler(echo), OPEN, text("a"))
    left = transcript.first(Left)
    assert left is not None
    assert left.code == 1000
    assert transcript.first(Returned) is not None
    assert len(transcript.steps) == 2


def test_what_cannot_be_done_any_more_is_left_out(server: Server) -> None:
    transcript = run(
        server,
        handler(echo),
        text("before opening"),
        OPEN,
        Leave(0),
        text("after leaving"),
        Vanish(0),
        Open(0, Handshake("/again")),
    )
    assert transcript.steps == [OPEN, Leave(0)]
    assert transcript.first(Sent) is None


def test_a_handler_that_never_accepts_is_reported_without_waiting(server: Server) -> None:
    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()
        await asyncio.Event().wait()

    began = time.monotonic()
    stuck = run(server, app, OPEN, text("a")).first(Stuck)
    assert time.monotonic() - began < 2
    assert stuck is not None
    assert (stuck.phase, stuck.proven, stuck.waited) == ("accept", True, 30.0)
    assert stuck.where[-1].function == "Event.wait"


def test_of_a_handler_that_waits_for_its_tasks_is_told_for_what_they_wait(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        async def reader() -> None:
            while (await receive())["type"] != "websocket.disconnect":
                pass

        async def writer() -> None:
            await asyncio.Queue[str]().get()

        await receive()
        await send(ACCEPT)
        async with asyncio.TaskGroup() as group:
            group.create_task(reader())
            group.create_task(writer())

    stuck = run(server, app, OPEN, Leave(0)).first(Stuck)
    assert stuck is not None
    assert stuck.where[-1].function == "TaskGroup.__aexit__"
    ((label, where),) = stuck.tasks
    assert label.endswith("writer")
    assert where[-1].function == "Queue.get"


def test_a_handler_that_accepts_late_has_timed_out(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(31)
        await send(ACCEPT)
        await receive()

    stuck = run(server, app, OPEN).first(Stuck)
    assert stuck is not None
    assert (stuck.phase, stuck.proven) == ("accept", False)


def test_a_handler_that_hangs_on_a_message_is_stuck(server: Server) -> None:
    async def hang(_data: str, _send: Any) -> None:
        await asyncio.Event().wait()

    transcript = run(server, handler(hang), OPEN, text("a"), text("never sent"))
    stuck = transcript.first(Stuck)
    assert stuck is not None
    assert (stuck.phase, stuck.proven) == ("message", True)
    assert len(list(transcript.of(Sent))) == 1


def test_a_handler_that_answers_and_then_does_something_else_is_not_stuck(
    server: Server,
) -> None:
    async def subscribe(data: str, send: Any) -> None:
        await echo(data, send)
        while True:
            await asyncio.sleep(1)
            await send({"type": "websocket.send", "text": "tick"})

    transcript = run(server, handler(subscribe), OPEN, text("a"), text("b"), Leave(0))
    assert transcript.first(Stuck) is None
    assert isinstance(transcript.events[-1], Raised)


def test_a_handler_that_does_not_read_is_not_stuck(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            await asyncio.sleep(3)
            await send({"type": "websocket.send", "text": "tick"})

    transcript = run(server, app, OPEN, text("a"), text("b"))
    assert transcript.first(Stuck) is None


def test_what_crashes_long_after_a_message_is_seen(server: Server) -> None:
    async def crash(_data: str, _send: Any) -> None:
        await asyncio.sleep(3600)
        raise ValueError("late")

    transcript = run(server, handler(crash), OPEN, text("a"))
    raised = transcript.first(Raised)
    assert raised is not None
    assert raised.time == pytest.approx(3600)
    assert raised.connected


def test_silence_reaches_an_idle_time_out(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await asyncio.wait_for(receive(), 30)

    raised = run(server, app, OPEN, Wait(31)).first(Raised)
    assert raised is not None
    assert isinstance(raised.exception, TimeoutError)
    assert raised.time == pytest.approx(30)


def test_a_handler_that_ignores_the_disconnect_is_stuck_and_ended(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            await receive()

    engine = engine_for(server, app)
    for _ in range(2):
        stuck = engine.run(Recorded((OPEN, Leave(0)))).first(Stuck)
        assert stuck is not None
        assert (stuck.phase, stuck.proven) == ("finish", True)
        assert all(connection.ended for connection in engine.connections)


def test_a_handler_that_refuses_to_be_cancelled_is_abandoned(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue

    engine = engine_for(server, app)
    assert engine.run(Recorded((OPEN, Leave(0)))).first(Stuck) is not None
    assert engine.run(Recorded((OPEN, Leave(0)))).first(Accepted) is not None


def test_a_client_can_leave_during_the_handshake(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(1)
        await send(ACCEPT)

    transcript = run(server, app, Open(0, Handshake("/"), settle=False), Vanish(0))
    assert transcript.first(Vanished) is not None
    assert transcript.first(Accepted) is None


def test_steps_in_a_hurry_come_before_the_application_reacts(server: Server) -> None:
    transcript = run(
        server, handler(echo), OPEN, text("a", settle=False), text("b", settle=False), Leave(0)
    )
    kinds = [type(event).__name__ for event in transcript.events]
    assert kinds[2:5] == ["Sent", "Sent", "Left"]
    assert transcript.first(Answered) is None


def test_clients_talk_beside_each_other(server: Server) -> None:
    room: list[Any] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        room.append(send)
        while (event := await receive())["type"] == "websocket.receive":
            for each in room:
                await each({"type": "websocket.send", "text": event["text"]})
        room.remove(send)

    transcript = run(
        server, app, OPEN, Open(1, Handshake("/")), text("hi", 1), Leave(0), text("bye", 1)
    )
    assert [(event.client, event.message.data) for event in transcript.of(Answered)] == [
        (0, "hi"),
        (1, "hi"),
        (1, "bye"),
    ]


def test_a_flood_ends_the_conversation(server: Server) -> None:
    async def flood(_data: str, send: Any) -> None:
        while True:
            await send({"type": "websocket.send", "text": "more"})

    transcript = run(server, handler(flood), OPEN, text("a"), text("never sent"))
    assert transcript.first(Flooded) is not None
    assert len(list(transcript.of(Sent))) == 1
    assert transcript.first(Stuck) is None


def test_a_block_ends_the_conversation_and_proves_nothing_else() -> None:
    async def block(_data: str, _send: Any) -> None:
        time.sleep(30)

    server = Server(watchdog=0.2)
    with server.on_duty():
        transcript = run(server, handler(block), OPEN, text("a"), text("never sent"))
    server.close()
    assert transcript.first(Blocked) is not None
    assert transcript.first(Stuck) is None
    assert len(list(transcript.of(Sent))) == 1


def test_tasks_that_outlive_their_connection_are_told(server: Server) -> None:
    tasks: list[asyncio.Task[Any]] = []

    async def crash() -> None:
        raise ValueError("in the background")

    async def start(_data: str, _send: Any) -> None:
        tasks.append(asyncio.create_task(asyncio.Event().wait()))
        tasks.append(asyncio.create_task(crash()))

    transcript = run(server, handler(start), OPEN, text("a"))
    left, failed = transcript.first(TaskLeft), transcript.first(TaskFailed)
    assert left is not None
    assert failed is not None
    assert (left.client, left.task) == (0, "Event.wait")
    assert isinstance(failed.exception, ValueError)


def test_tasks_left_behind_again_and_again_are_ended(server: Server) -> None:
    tasks: list[asyncio.Task[Any]] = []

    async def start(_data: str, _send: Any) -> None:
        tasks.append(asyncio.create_task(asyncio.Event().wait()))

    engine = engine_for(server, handler(start))
    for _ in range(6):
        engine.run(Recorded((OPEN, text("a"))))
    server.drive()
    assert [task.cancelled() for task in tasks] == [False] * 3 + [True] * 3


def stuck_in(transcript: Transcript) -> Finding | None:
    event = transcript.first(Stuck)
    return event and Finding("message_timeout", "error", "", "", "", event, transcript)


async def by_the_wall_clock(_data: str, _send: Any) -> None:
    until = time.time() + 0.2
    while time.time() < until:
        await asyncio.sleep(0.05)


def test_a_time_out_of_a_handler_that_polls_another_clock_is_not_confirmed(
    server: Server,
) -> None:
    engine = engine_for(server, handler(by_the_wall_clock))
    finding = stuck_in(engine.run(Recorded((OPEN, text("a")))))
    assert finding is not None
    assert not engine.confirms(finding, stuck_in)


def test_a_time_out_of_a_long_sleep_needs_no_confirmation(server: Server) -> None:
    async def sleep(_data: str, _send: Any) -> None:
        await asyncio.sleep(11)

    engine = engine_for(server, handler(sleep))
    finding = stuck_in(engine.run(Recorded((OPEN, text("a")))))
    began = time.monotonic()
    assert finding is not None
    assert engine.confirms(finding, stuck_in)
    assert time.monotonic() - began < 2


def test_minimising_keeps_only_the_steps_that_matter(server: Server) -> None:
    async def crash(data: str, _send: Any) -> None:
        if data == "crash":
            raise ValueError(data)

    def raised_in(transcript: Transcript) -> Finding | None:
        event = transcript.first(Raised)
        return event and Finding("message_handler_error", "error", "", "", "", event, transcript)

    engine = engine_for(server, handler(crash))
    steps = (OPEN, text("a"), Wait(3), text("b"), text("crash"), text("c"))
    finding = raised_in(engine.run(Recorded(steps)))
    assert finding is not None
    assert minimise(engine, finding, raised_in).transcript.steps == [OPEN, text("crash")]


def test_minimising_keeps_what_a_crash_depends_on(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        seen: list[str] = []
        while (event := await receive())["type"] == "websocket.receive":
            seen.append(event["text"])
            if seen[-1] == "crash" and "prepare" in seen:
                raise ValueError(seen)

    def raised_in(transcript: Transcript) -> Finding | None:
        event = transcript.first(Raised)
        return event and Finding("message_handler_error", "error", "", "", "", event, transcript)

    engine = engine_for(server, app)
    steps = (OPEN, text("a"), text("prepare"), text("b"), Wait(1), text("c"), text("crash"))
    finding = raised_in(engine.run(Recorded(steps)))
    assert finding is not None
    assert minimise(engine, finding, raised_in).transcript.steps == [
        OPEN,
        text("prepare"),
        text("crash"),
    ]


class OwnLoop:
    """A script of somebody who has a loop of their own for what is said."""

    def __init__(self) -> None:
        self.left = [None, "ask", OPEN]

    def next_step(self, transcript: Transcript) -> Step | None:  # noqa: ARG002
        step = self.left.pop()
        return text(asyncio.run(self.word())) if isinstance(step, str) else step

    async def word(self) -> str:
        return "hello"


def test_a_script_that_decides_apart_may_run_a_loop_of_its_own(server: Server) -> None:
    async def answer(text: str, send: Any) -> None:
        await send({"type": "websocket.send", "text": text})

    transcript = engine_for(server, handler(answer)).run(OwnLoop(), apart=True)
    assert [event.message.data for event in transcript.of(Answered)] == ["hello"]


@pytest.mark.parametrize("apart", [False, True])
def test_the_time_that_a_script_takes_to_decide_is_not_the_conversations(
    server: Server, apart: bool
) -> None:
    class Slow:
        def next_step(self, transcript: Transcript) -> Step | None:
            time.sleep(0.2)
            return None if transcript.steps else OPEN

    async def answer(text: str, send: Any) -> None: ...

    transcript = engine_for(server, handler(answer)).run(Slow(), apart=apart)
    assert transcript.steps == [OPEN]
    assert transcript.seconds < 0.2


async def asks_a_thread(data: str, send: Any) -> None:
    await asyncio.to_thread(str.upper, data)
    await echo(data, send)


async def asks_anyios_thread(data: str, send: Any) -> None:
    await anyio.to_thread.run_sync(str.upper, data)
    await echo(data, send)


async def sleeps_first(data: str, send: Any) -> None:
    await asyncio.sleep(0.1)
    await echo(data, send)


@pytest.mark.parametrize(
    ("react", "real"),
    [(echo, False), (sleeps_first, False), (asks_a_thread, True), (asks_anyios_thread, True)],
)
def test_a_conversation_knows_whether_its_times_are_real(
    server: Server, react: Callable[[str, Any], Awaitable[object]], real: bool
) -> None:
    engine = engine_for(server, handler(react))
    for _ in range(3):
        assert engine.run(Recorded((OPEN, text("a")))).real_time is real
