"""What is told of the tasks that a connection has left behind, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest

from pytest_routes.simulator.conversation import Handshake, Message, Open, Recorded, Send, Wait
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Left,
    Opened,
    TaskFailed,
    TaskLeft,
    Transcript,
    Waited,
)
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


def leaving_behind(work: Callable[[], Awaitable[object]]) -> App:
    tasks = []

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
