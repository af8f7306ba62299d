"""Handlers, and tasks of handlers, that raise what ends a process."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from beside import beside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.websockets import WebSocket


class Unusual(BaseException):
    """No `Exception`."""


def _raising(error: BaseException) -> Callable[[WebSocket], Awaitable[None]]:
    async def handler(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()
        raise error

    return handler


def _raising_in_a_task(error: BaseException) -> Callable[[WebSocket], Awaitable[None]]:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise error

    async def handler(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()
        websocket.state.task = asyncio.create_task(fail())
        await asyncio.sleep(1)
        await websocket.receive_text()

    return handler


async def _exit(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    sys.exit(3)


async def _exit_in_a_callback(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    asyncio.get_running_loop().call_soon(sys.exit, 3)
    await asyncio.sleep(1)
    raise RuntimeError("the process should have ended")


system_exit = beside(_raising(SystemExit(3)))
keyboard_interrupt = beside(_raising(KeyboardInterrupt()))
base_exception = beside(_raising(Unusual()))
generator_exit = beside(_raising(GeneratorExit()))
cancelled_error = beside(_raising(asyncio.CancelledError()))
stop_async_iteration = beside(_raising(StopAsyncIteration()))
exits = beside(_exit)
exits_in_a_callback = beside(_exit_in_a_callback)
system_exit_in_a_task = beside(_raising_in_a_task(SystemExit(3)))
keyboard_interrupt_in_a_task = beside(_raising_in_a_task(KeyboardInterrupt()))
base_exception_in_a_task = beside(_raising_in_a_task(Unusual()))
generator_exit_in_a_task = beside(_raising_in_a_task(GeneratorExit()))
