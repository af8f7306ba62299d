"""Threads that will call back into the loop keep its clock still; those without work do not."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from pytest_routes.simulator.conversation import Handshake, Open
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.wishes import Outcome


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def outcomes(
    server: Server, served: Callable[[], Awaitable[object]], conversations: int = 2
) -> list[Outcome]:
    """How conversations end whose handler accepts when it has done something."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        await receive()
        await served()
        await send({"type": "websocket.accept"})

    ends = []
    with server.on_duty():
        server.start(app)
    for _ in range(conversations):
        # What a thread did in an earlier one says nothing of this one.
        with server.on_duty():
            server.begin()
            connection = server.open(Open(0, Handshake("/")))
            ends.append(server.drive(lambda: connection.decided, 60.0))  # noqa: B023
            server.drive(lambda: connection.ended, 60.0)  # noqa: B023
    return ends


def slow() -> None:
    time.sleep(0.05)


async def behind_a_limiter_of_its_own() -> None:
    await run_sync(int)
    await run_sync(slow, limiter=CapacityLimiter(1))


async def behind_nothing_but_a_limiter_of_its_own() -> None:
    await run_sync(slow, limiter=CapacityLimiter(1))


async def with_a_timer_beside_it() -> None:
    await asyncio.wait_for(run_sync(slow, limiter=CapacityLimiter(1)), 0.5)


async def with_others_beside_it() -> None:
    limiter = CapacityLimiter(3)
    await asyncio.gather(*[run_sync(slow, limiter=limiter) for _ in range(4)])


@pytest.mark.parametrize(
    "served",
    [
        behind_a_limiter_of_its_own,
        behind_nothing_but_a_limiter_of_its_own,
        with_a_timer_beside_it,
        with_others_beside_it,
    ],
)
def test_a_worker_thread_that_works_is_waited_for(
    server: Server, served: Callable[[], Awaitable[object]]
) -> None:
    assert outcomes(server, served, 3) == [Outcome.REACHED] * 3


def test_a_thread_that_was_started_when_the_application_was_imported_is_waited_for(
    server: Server,
) -> None:
    jobs: queue.Queue[Any] = queue.Queue()

    def work() -> None:
        while (job := jobs.get()) is not None:
            slow()
            loop, future = job
            loop.call_soon_threadsafe(future.set_result, None)

    thread = threading.Thread(target=work)
    thread.start()

    async def served() -> None:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        jobs.put((loop, future))
        await future

    assert outcomes(server, served) == [Outcome.REACHED] * 2
    jobs.put(None)
    thread.join()


def test_the_threads_of_an_executor_of_the_applications_own_are_waited_for(server: Server) -> None:
    with ThreadPoolExecutor(1) as executor:
        executor.submit(int).result()

        async def served() -> None:
            await asyncio.wrap_future(executor.submit(slow))

        assert outcomes(server, served) == [Outcome.REACHED] * 2


def test_threads_without_work_hide_no_deadlock(server: Server) -> None:
    calls = []

    async def served() -> None:
        await run_sync(int)
        await asyncio.to_thread(int)
        calls.append(time.monotonic())
        if len(calls) > 1:
            await asyncio.Event().wait()

    assert outcomes(server, served) == [Outcome.REACHED, Outcome.DEADLOCK]
    # All of what an unknown thread would have got was left to it.
    assert time.monotonic() - calls[-1] < 0.9
