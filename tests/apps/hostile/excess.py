"""Handlers that use without measure what there is only so much of."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import TYPE_CHECKING

from beside import beside

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


async def _send_for_ever(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    while True:
        await websocket.send_text("again")


async def _gibibyte(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    await websocket.send_bytes(bytes(1 << 30))
    await websocket.receive_text()


async def _ten_million_tasks(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(10_000_000)]
    await asyncio.gather(*tasks)


async def _tasks_of_tasks(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()

    async def two() -> None:
        await asyncio.gather(two(), two())

    await two()


async def _recurse(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()

    async def deeper() -> None:
        await deeper()

    await deeper()


async def _block_in_c(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    time.sleep(60)


async def _compute_in_c(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    sum(range(400_000_000))


async def _swallow_interruption(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    while True:
        try:
            time.sleep(60)
        except BaseException:
            break


async def _spin_without_signals(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    for number in (signal.SIGINT, signal.SIGUSR2):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pass


spins_without_signals = beside(_spin_without_signals)
sends_for_ever = beside(_send_for_ever)
gibibyte = beside(_gibibyte)
ten_million_tasks = beside(_ten_million_tasks)
tasks_of_tasks = beside(_tasks_of_tasks)
recurses = beside(_recurse)
blocks_in_c = beside(_block_in_c)
computes_in_c = beside(_compute_in_c)
swallows_interruption = beside(_swallow_interruption)
