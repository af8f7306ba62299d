"""The order in which ready tasks run, when it is drawn."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar, copy_context
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.simulator.conversation import Handshake, Open, Recorded
from pytest_routes.simulator.loop import SimulatedLoop
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import LoopError, TaskFailed
from pytest_routes.websocket.engine import Engine, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    loop = SimulatedLoop()
    yield loop
    loop.selector.loop = None
    loop.close()


async def _order(turns: int = 3) -> list[int]:
    order: list[int] = []

    async def work(number: int) -> None:
        for _ in range(turns):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(number) for number in range(5)))
    return order


def test_without_a_seed_tasks_run_first_in_first_out(loop: SimulatedLoop) -> None:
    assert loop.complete(_order()) == [0, 1, 2, 3, 4] * 3
    assert "call_soon" not in vars(loop)


def test_a_seed_gives_an_order_and_gives_it_again(loop: SimulatedLoop) -> None:
    orders = []
    for seed in (1, 2, 1):
        loop.reorder(seed)
        orders.append(loop.complete(_order()))
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted([0, 1, 2, 3, 4] * 3)


def test_the_usual_order_comes_back(loop: SimulatedLoop) -> None:
    loop.reorder(1)
    loop.complete(_order())
    loop.reorder(0)
    assert loop.complete(_order()) == [0, 1, 2, 3, 4] * 3


def test_callbacks_keep_their_order(loop: SimulatedLoop) -> None:
    called: list[int] = []

    async def call() -> None:
        for number in range(20):
            asyncio.get_running_loop().call_soon(called.append, number)
        await asyncio.sleep(1)

    loop.reorder(7)
    loop.complete(call())
    assert called == list(range(20))


def test_what_a_task_raises_is_still_the_tasks(loop: SimulatedLoop) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("nothing")

    loop.reorder(3)
    with pytest.raises(LookupError):
        loop.complete(fail())


async def racing(scope: Any, receive: Any, send: Any) -> None:
    """Counts on the first of two tasks that it starts to be the first that runs."""
    if scope["type"] != "websocket":
        return
    await send({"type": "websocket.accept"})
    room: dict[str, int] = {}

    async def enter() -> None:
        room["guests"] = 1

    async def greet() -> None:
        room["guests"] += 1

    tasks = asyncio.create_task(enter()), asyncio.create_task(greet())
    await asyncio.wait(tasks)
    await receive()
    await receive()


def test_a_race_shows_in_some_order_only_and_in_that_one_always() -> None:
    server = Server()
    with server.on_duty():
        server.start(racing)
        engine = Engine(server, Limits())

        def fails(seed: int) -> bool:
            steps = (Open(0, Handshake("/"), schedule=seed),)
            transcript = engine.run(Recorded(steps))
            assert transcript.first(LoopError) is None
            return transcript.first(TaskFailed) is not None

        assert not fails(0)
        seeds = {seed: fails(seed) for seed in range(1, 20)}
        assert set(seeds.values()) == {True, False}
        assert {seed: fails(seed) for seed in range(1, 20)} == seeds
    server.close()


def test_what_is_scheduled_can_be_taken_back(loop: SimulatedLoop) -> None:
    async def ends() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        ran.append("a task")

    ran: list[str] = []
    loop.reorder(1)
    task = loop.create_task(ends())
    step = loop.call_soon(task.cancel)
    assert isinstance(step, asyncio.Handle)
    step.cancel()
    loop.drive(task.done)
    assert ran == ["a task"]
    assert not task.cancelled()


def test_a_step_runs_in_the_context_that_it_is_given(loop: SimulatedLoop) -> None:
    async def told() -> str:
        await asyncio.sleep(0)
        return who.get()

    who = ContextVar("who", default="nobody")
    inside = copy_context()
    inside.run(who.set, "somebody")
    loop.reorder(1)
    task = loop.create_task(told(), context=inside)
    loop.drive(task.done)
    assert task.result() == "somebody"
    # What has no context of its own runs in that of whoever asks for it.
    other = loop.create_task(told())
    loop.call_soon(other.cancel)
    loop.drive(other.done)
    assert other.cancelled()
