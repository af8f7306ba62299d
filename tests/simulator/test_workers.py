"""Threads that will call back into the loop keep its clock still; those without work do not."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from logging.handlers import QueueListener
from typing import Any

import pytest
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from pytest_routes.simulator.conversation import Handshake, Open
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.strangers import STRANGERS
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


def others_live(*known: threading.Thread) -> bool:
    """Threads that other tests have left behind."""
    idle = {each for each in threading.enumerate() if hasattr(each, "idle_workers")}
    pool = {each for each in threading.enumerate() if each.name.startswith("asyncio_")}
    return bool({*threading.enumerate()} - STRANGERS - idle - pool - {*known})


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
    grace = server.loop.grace

    async def served() -> None:
        await run_sync(int)
        await asyncio.to_thread(int)
        calls.append(1)
        if len(calls) > 1:
            await asyncio.Event().wait()

    assert outcomes(server, served) == [Outcome.REACHED, Outcome.DEADLOCK]
    # Unknown threads of other tests would have got some of it.
    assert others_live() or server.loop.grace == grace


@pytest.fixture
def idler() -> Iterator[None]:
    """A thread that may call back, for all that is known of it, and never does."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield
    over.set()
    thread.join()


def test_what_a_silent_thread_gets_is_no_time_of_the_loops(idler: None, server: Server) -> None:
    async def served() -> None:
        await asyncio.Event().wait()

    began = server.loop.time()
    assert outcomes(server, served) == [Outcome.DEADLOCK] * 2
    assert server.loop.time() == began


def test_a_thread_that_writes_logs_gets_none_at_all(server: Server) -> None:
    listener = QueueListener(queue.Queue())
    listener.start()
    grace = server.loop.grace

    async def served() -> None:
        await asyncio.Event().wait()

    others = others_live(listener._thread)  # type: ignore[attr-defined]
    assert outcomes(server, served, 1) == [Outcome.DEADLOCK]
    assert others or server.loop.grace == grace
    listener.stop()
