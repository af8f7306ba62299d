"""Tasks that know whether anybody learned of their end."""

from __future__ import annotations

import asyncio
import inspect
import sys
import types
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.simulator.loop import SimulatedLoop
from pytest_routes.simulator.tasks import (
    FollowedTask,
    TooManyTasks,
    current_connection,
    immortalise,
    where_others_wait,
    where_waits,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Iterator


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    loop = SimulatedLoop()
    yield loop
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.settle()
    loop.selector.loop = None
    loop.close()


async def crash() -> None:
    raise ValueError("dead heartbeat")


async def awaits(task: asyncio.Task[None]) -> None:
    with suppress(ValueError):
        await task


async def gathers(task: asyncio.Task[None]) -> None:
    await asyncio.gather(task, return_exceptions=True)


async def waits_and_asks(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])
    assert task.exception() is not None


async def shields(task: asyncio.Task[None]) -> None:
    with suppress(ValueError):
        await asyncio.shield(task)


async def waits_and_asks_for_the_result(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])
    with suppress(ValueError):
        task.result()


async def awaits_when_it_is_over(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])
    with suppress(ValueError):
        await task


async def yields_from_it_when_it_is_over(task: asyncio.Task[None]) -> None:
    @types.coroutine
    def old() -> Generator[Any, None, None]:
        yield from task

    await asyncio.wait([task])
    with suppress(ValueError):
        await old()


LEARNS = (
    awaits,
    gathers,
    waits_and_asks,
    shields,
    waits_and_asks_for_the_result,
    awaits_when_it_is_over,
    yields_from_it_when_it_is_over,
)


@pytest.mark.parametrize("learns", LEARNS)
def test_an_exception_that_somebody_learned_of_is_seen(
    loop: SimulatedLoop, learns: Callable[[Any], Coroutine[Any, Any, None]]
) -> None:
    async def main() -> FollowedTask:
        task = asyncio.create_task(crash())
        await learns(task)
        assert isinstance(task, FollowedTask)
        return task

    assert loop.complete(main()).unseen_exception() is None


async def forgets(_: asyncio.Task[None]) -> None:
    await asyncio.sleep(1)


async def cancels_afterwards(task: asyncio.Task[None]) -> None:
    await asyncio.sleep(1)
    task.cancel()


async def only_waits(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])


async def asks_too_early(task: asyncio.Task[None]) -> None:
    with suppress(asyncio.InvalidStateError):
        task.exception()
    with suppress(asyncio.InvalidStateError):
        task.result()
    await asyncio.sleep(1)


@pytest.mark.parametrize("ignores", [forgets, cancels_afterwards, only_waits, asks_too_early])
def test_an_exception_that_nobody_looked_at_is_unseen(
    loop: SimulatedLoop, ignores: Callable[[Any], Coroutine[Any, Any, None]]
) -> None:
    async def main() -> FollowedTask:
        task = asyncio.create_task(crash())
        await ignores(task)
        assert isinstance(task, FollowedTask)
        return task

    unseen = loop.complete(main()).unseen_exception()
    assert isinstance(unseen, ValueError)


def test_a_task_that_is_immortal_is_held_once_more(loop: SimulatedLoop) -> None:
    task = loop.create_task(asyncio.sleep(0))
    loop.settle()
    before = sys.getrefcount(task)
    immortalise(task)
    assert sys.getrefcount(task) == before + 1


def test_a_task_that_was_cancelled_in_time_has_no_exception(loop: SimulatedLoop) -> None:
    async def main() -> FollowedTask:
        task = asyncio.create_task(asyncio.sleep(10))
        await asyncio.sleep(1)
        task.cancel()
        await asyncio.sleep(1)
        assert isinstance(task, FollowedTask)
        return task

    assert loop.complete(main()).unseen_exception() is None


def test_where_a_task_waits_is_told_call_by_call(loop: SimulatedLoop) -> None:
    async def inner() -> None:
        await asyncio.sleep(10)

    async def outer() -> None:
        await inner()

    task = loop.create_task(outer())
    loop.settle()
    assert [frame.function.rpartition(".")[2] for frame in where_waits(task)] == [
        "outer",
        "inner",
        "sleep",
    ]
    task.cancel()
    loop.settle()


class Owner:
    def __init__(self) -> None:
        self.client = 0
        self.tasks: list[FollowedTask] = []
        self.context = Context()
        self.context.run(current_connection.set, self)


@pytest.fixture
def owner(monkeypatch: pytest.MonkeyPatch) -> Owner:
    """A connection that may have three tasks at once."""
    for module in ("loop", "tasks"):
        monkeypatch.setattr(f"pytest_routes.simulator.{module}.MOST_TASKS", 3)
    return Owner()


def start(loop: SimulatedLoop, owner: Owner, seconds: float) -> asyncio.Task[None]:
    return loop.create_task(asyncio.sleep(seconds), context=owner.context)


def test_tasks_that_have_ended_make_room_unless_they_failed_unseen(
    loop: SimulatedLoop, owner: Owner
) -> None:
    failed = loop.create_task(crash(), context=owner.context)
    for _ in range(4):
        start(loop, owner, 0)
    running = start(loop, owner, 10)
    loop.settle()
    assert len(owner.tasks) == 6
    latest = start(loop, owner, 10)
    assert owner.tasks == [failed, running, latest]


def test_who_has_too_many_tasks_gets_no_more_even_when_some_have_ended(
    loop: SimulatedLoop, owner: Owner
) -> None:
    tasks = [start(loop, owner, seconds) for seconds in (0, 0, 0, 10, 10, 10)]
    loop.settle()
    refused = asyncio.sleep(10)
    with pytest.raises(TooManyTasks, match="^3 tasks that one client caused run at once$"):
        loop.create_task(refused, context=owner.context)
    assert inspect.getcoroutinestate(refused) == inspect.CORO_CLOSED
    for task in tasks:
        task.cancel()
    loop.settle()
    with pytest.raises(TooManyTasks, match="^more tasks after too many$"):
        start(loop, owner, 10)
    assert len(owner.tasks) == 6


def test_of_the_other_tasks_the_first_three_that_still_run_are_told(loop: SimulatedLoop) -> None:
    owner = Owner()
    handler, _, *others = (start(loop, owner, seconds) for seconds in (10, 0, 10, 10, 10, 10))
    loop.settle()
    told = list(where_others_wait(owner, handler))
    assert told == [("sleep", where_waits(other)) for other in others[:3]]
    assert told[0][1] != ()


def test_no_more_than_twenty_calls_are_told(loop: SimulatedLoop) -> None:
    async def nested(depth: int) -> None:
        await (nested(depth - 1) if depth else asyncio.sleep(10))

    task = loop.create_task(nested(30))
    loop.settle()
    assert len(where_waits(task)) == 20
    assert len(where_waits(task, 5)) == 5


def test_where_a_task_waits_is_told_through_generators(loop: SimulatedLoop) -> None:
    class Old:
        def __await__(self) -> Iterator[Any]:
            yield from self.inner()

        def inner(self) -> Iterator[Any]:
            yield from loop.create_future()

    async def outer() -> None:
        await Old()

    task = loop.create_task(outer())
    loop.settle()
    functions = [frame.function.rpartition(".")[2] for frame in where_waits(task)]
    assert functions == ["outer", "__await__", "inner"]
