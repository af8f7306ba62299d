"""Tasks that know whether anybody learned of their end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.simulator.loop import SimulatedLoop
from pytest_routes.simulator.tasks import FollowedTask, where_waits

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    loop = SimulatedLoop()
    yield loop
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


@pytest.mark.parametrize("learns", [awaits, gathers, waits_and_asks, shields])
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


@pytest.mark.parametrize("ignores", [forgets, cancels_afterwards, only_waits])
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
