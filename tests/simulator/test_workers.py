"""Threads that will call back into the loop keep its clock still; those without work do not."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from logging.handlers import QueueListener
from typing import Any

import pytest
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from pytest_routes.simulator.conversation import Handshake, Leave, Message, Open, Recorded, Send
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.strangers import STRANGERS
from pytest_routes.simulator.wishes import Outcome
from pytest_routes.simulator.workers import Workers
from pytest_routes.websocket.engine import Engine, Limits


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


class Pool:
    """anyio's pool, as far as it is asked."""

    def __init__(self, loop: object) -> None:
        self.loop = loop
        self.workers: set[Worker] = set()
        self.idle: deque[Worker] = deque()


class Worker:
    def __init__(self, pool: Pool) -> None:
        self.loop, self.workers, self.idle_workers = pool.loop, pool.workers, pool.idle
        self.queue: queue.Queue[object] = queue.Queue()
        self.stopping = False
        self.alive = True
        pool.workers.add(self)

    def is_alive(self) -> bool:
        return self.alive


class Limiter:
    borrowed_tokens = 0


@pytest.fixture
def workers() -> Workers:
    return Workers(None)  # type: ignore[arg-type]


def test_calls_are_counted_once(workers: Workers) -> None:
    assert workers.calls == 0
    workers.in_executors = 2
    assert workers.calls == 2
    workers.limiter = Limiter()
    workers.limiter.borrowed_tokens = 1
    assert workers.calls == 3
    pool = Pool(None)
    working, idle = Worker(pool), Worker(pool)
    pool.idle.append(idle)
    assert workers.look((working, idle))  # type: ignore[arg-type]
    # It may be the one that the limiter has let in.
    assert workers.calls == 3
    pool.idle.pop()
    assert workers.calls == 4
    pool.idle.extend([working, idle])
    assert not workers.look()
    assert workers.calls == 3


def test_the_pool_of_another_loop_is_left_out(workers: Workers) -> None:
    assert not workers.look((Worker(Pool("another")), threading.Thread()))  # type: ignore[arg-type]
    assert list(workers) == []


def test_a_thread_that_is_to_stop_works_until_its_last_call_is_over(workers: Workers) -> None:
    pool = Pool(None)
    worker = Worker(pool)
    assert workers.look((worker,))  # type: ignore[arg-type]
    worker.queue.put("a call")
    worker.queue.put(None)
    worker.stopping = True
    pool.workers.clear()
    assert workers.calls == 1
    worker.queue.task_done()
    assert workers.calls == 0
    worker.stopping, worker.alive = False, False
    assert workers.calls == 0
    assert list(workers) == []


def test_calls_that_do_not_come_back_are_waited_for_less_and_less(workers: Workers) -> None:
    assert not workers.awaited
    waits = []
    for calls in range(1, 12):
        workers.in_executors = calls
        waits.append(0)
        while workers.awaited:
            waits[-1] += 1
            workers.waited(0.005)
    assert waits[:4] == [50, 25, 13, 7]
    assert waits[-3:] == [1, 1, 1]
    # One that has come back after all makes room for another.
    workers.in_executors = 5
    assert not workers.awaited
    workers.in_executors = 6
    assert workers.awaited


def test_what_has_come_back_in_time_costs_no_patience(workers: Workers) -> None:
    for _ in range(100):
        workers.in_executors = 1
        assert workers.awaited
        workers.waited(0.2)
        workers.in_executors = 0
        assert not workers.awaited
    workers.in_executors = 1
    assert workers.awaited


def test_a_client_that_leaves_at_once_has_had_the_answer_of_a_thread(server: Server) -> None:
    """Or has not: the same every time, however long the thread takes."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        await receive()
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            await asyncio.to_thread(time.sleep, len(event["text"]) / 1000)
            await send({"type": "websocket.send", "text": event["text"]})

    seen = set()
    with server.on_duty():
        server.start(app)
        engine = Engine(server, Limits())
        for size in (0, 1, 5, 20) * 4:
            steps = (
                Open(0, Handshake("/")),
                Send(0, Message("text", "x" * size), settle=False),
                Open(1, Handshake("/")),
                Leave(0),
                Leave(1),
            )
            transcript = engine.run(Recorded(steps))
            seen.add(tuple((type(each).__name__, each.client) for each in transcript.events))
    assert len(seen) == 1
