"""What is told of the tasks that a connection has left behind, and when."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import pytest

from pytest_routes.simulator.connection import Connection
from pytest_routes.simulator.conversation import Handshake, Message, Open, Recorded, Send, Wait
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Flooded,
    Left,
    Opened,
    Raised,
    Returned,
    TaskFailed,
    TaskLeft,
    Transcript,
    Waited,
)
from pytest_routes.simulator.upkeep import Upkeep
from pytest_routes.websocket.engine import Engine, Limits

App: TypeAlias = Callable[..., Awaitable[object]]
OPEN = Open(0, Handshake("/"))
ACCEPT = {"type": "websocket.accept"}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


def conversation(server: Server, app: App, *steps: Any) -> Transcript:
    server.start(app)
    return Engine(server, Limits()).run(Recorded((OPEN, *steps)))


def leaving_behind(
    work: Callable[[], Awaitable[object]], tasks: list[asyncio.Task[None]] | None = None
) -> App:
    tasks = [] if tasks is None else tasks

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await send(ACCEPT)

        async def task() -> None:
            await work()

        tasks.append(asyncio.create_task(task()))
        while (await receive())["type"] != "websocket.disconnect":
            pass

    return app


def test_a_task_that_ends_by_itself_within_two_minutes_is_not_left_behind(server: Server) -> None:
    transcript = conversation(server, leaving_behind(lambda: asyncio.sleep(110)))
    assert not list(transcript.of(TaskLeft))


def test_a_task_that_goes_on_is_left_behind(server: Server) -> None:
    transcript = conversation(server, leaving_behind(lambda: asyncio.sleep(1000)))
    assert [left.task.rpartition(".")[2] for left in transcript.of(TaskLeft)] == ["task"]


def test_a_task_that_waits_for_what_never_comes_is_left_behind(server: Server) -> None:
    transcript = conversation(server, leaving_behind(lambda: asyncio.Event().wait()))
    assert transcript.first(TaskLeft) is not None


def test_a_failed_task_stands_where_it_failed(server: Server) -> None:
    tasks = []

    async def fail() -> None:
        await asyncio.sleep(2)
        raise RuntimeError

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await send(ACCEPT)
        tasks.append(asyncio.create_task(fail()))
        while (await receive())["type"] != "websocket.disconnect":
            await asyncio.sleep(5)
            await send({"type": "websocket.send", "text": "late"})

    transcript = conversation(server, app, Send(0, Message("text", "a")))
    failed = transcript.first(TaskFailed)
    assert failed is not None
    assert failed.time == pytest.approx(2.0)
    kinds = [type(event) for event in transcript.events]
    assert kinds.index(TaskFailed) < kinds.index(Answered) < kinds.index(Left)


@pytest.mark.parametrize(
    ("seconds", "order"),
    [(15, [Opened, Accepted, Waited, TaskFailed]), (0, [Opened, Accepted, TaskFailed, Waited])],
    ids=["during", "before"],
)
def test_a_task_that_fails_in_a_silence_is_told_after_the_silence_began(
    server: Server, seconds: float, order: list[type]
) -> None:
    async def work() -> None:
        await asyncio.sleep(seconds)
        raise ValueError

    transcript = conversation(server, leaving_behind(work), Wait(31))
    assert [type(event) for event in transcript.events][:4] == order


def test_what_is_left_behind_again_and_again_is_no_longer_waited_for_and_cancelled(
    server: Server,
) -> None:
    tasks: list[asyncio.Task[None]] = []
    server.start(leaving_behind(lambda: asyncio.sleep(1_000_000), tasks))
    engine = Engine(server, Limits())
    waited = []
    for _ in range(5):
        before = server.loop.time()
        transcript = engine.run(Recorded((OPEN,)))
        waited.append(round(server.loop.time() - before))
        assert len(list(transcript.of(TaskLeft))) == 1
    server.drive()
    assert waited[0] - waited[4] == 120
    assert waited == [waited[0]] * 3 + [waited[4]] * 2
    assert [task.cancelled() for task in tasks] == [False, False, False, True, True]


def connect(server: Server, app: App) -> tuple[Connection, Transcript]:
    server.start(app)
    transcript = server.begin()
    connection = server.open(OPEN)
    server.drive()
    return connection, transcript


@pytest.mark.parametrize("state", ["blocked", "real"])
def test_nobody_waits_for_tasks_in_real_time_or_after_the_loop_was_blocked(
    server: Server, state: str
) -> None:
    connection, transcript = connect(server, leaving_behind(lambda: asyncio.sleep(10)))
    connection.depart(1000)
    server.drive()
    if state == "real":
        server.loop.clock = "real"
    else:
        server.blocked = 1
    before = server.loop.time()
    Upkeep(server).clear_away([connection], transcript)
    assert server.loop.time() == before
    assert transcript.first(TaskLeft) is not None


def lingering(on_cancellation: Callable[[], Awaitable[object]]) -> App:
    """A handler that never notices the client's leaving, with a task of its own."""
    tasks = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await send(ACCEPT)
        tasks.append(asyncio.create_task(asyncio.Event().wait()))
        try:
            await asyncio.Event().wait()
        finally:
            await on_cancellation()

    return app


async def ignore_cancellation() -> None:
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("on_cancellation", "ended"),
    [
        (lambda: asyncio.sleep(0), True),
        (lambda: asyncio.sleep(0.9), True),
        (lambda: asyncio.sleep(1.5), False),
        (ignore_cancellation, False),
    ],
    ids=["at once", "soon", "late", "never"],
)
def test_a_handler_that_still_runs_is_cancelled_and_kept_from_collection_unless_it_ends(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    on_cancellation: Callable[[], Awaitable[object]],
    ended: bool,
) -> None:
    kept: list[object] = []
    monkeypatch.setattr("pytest_routes.simulator.upkeep.immortalise", kept.append)
    connection, transcript = connect(server, lingering(on_cancellation))
    connection.depart(1000)
    Upkeep(server).clear_away([connection], transcript)
    assert (connection.ended, connection.cancelled) == (ended, True)
    assert kept == ([] if ended else [connection.task])
    assert [task.cancelled() for task in connection.tasks] == [True]
    assert transcript.first(TaskLeft) is transcript.first(Raised) is None


async def fail_after(seconds: float) -> None:
    await asyncio.sleep(seconds)
    raise ValueError


@pytest.mark.parametrize(
    ("began", "order"),
    [
        (0.0, [Opened, Accepted, Waited, TaskFailed]),
        (20.0, [Opened, Accepted, TaskFailed, Waited]),
    ],
)
def test_a_silence_is_told_before_what_failed_in_it_also_when_nothing_had_followed(
    server: Server, began: float, order: list[type]
) -> None:
    connection, transcript = connect(server, leaving_behind(lambda: fail_after(15)))
    server.advance(31)
    server.record(Waited(time=began, client=-1, seconds=31 - began))
    Upkeep(server).clear_away([connection], transcript)
    assert [type(event) for event in transcript.events][:4] == order


def test_a_task_that_fails_after_everything_else_is_told_at_the_end(server: Server) -> None:
    connection, transcript = connect(server, leaving_behind(lambda: fail_after(15)))
    connection.depart(1000)
    server.drive()
    Upkeep(server).clear_away([connection], transcript)
    assert [type(event) for event in transcript.events][-2:] == [Returned, TaskFailed]
    assert transcript.events[-1].time == pytest.approx(15)


def test_a_failure_whose_time_nobody_knows_is_told_as_of_now(server: Server) -> None:
    server.loop.on_task_end = None
    connection, transcript = connect(server, leaving_behind(lambda: fail_after(5)))
    server.advance(9)
    Upkeep(server).clear_away([connection], transcript)
    assert [(type(event), event.time) for event in transcript.events[2:3]] == [
        (TaskFailed, pytest.approx(9))
    ]


class Large:
    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize(("mebibytes", "forgotten"), [(65, True), (1, False)])
def test_what_a_handler_held_that_flooded_is_forgotten(
    server: Server, mebibytes: int, forgotten: bool
) -> None:
    held: list[weakref.ref[Large]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await send(ACCEPT)
        for _ in range(2):
            try:
                await fill(send)
            except OSError as error:
                await fill(send, error)

    async def fill(send: Any, cause: Exception | None = None) -> None:
        large = Large()
        held.append(weakref.ref(large))
        if cause is not None:
            raise ValueError
        await send({"type": "websocket.send", "bytes": bytes(mebibytes * 2**20)})
        await asyncio.Event().wait()

    gc.collect()
    gc.disable()
    try:
        transcript = conversation(server, app)
        assert (transcript.first(Flooded) is not None) is forgotten
        assert {each() is None for each in held} == {forgotten}
    finally:
        gc.enable()
