"""Handlers that lay hands on the event loop, and on the tasks that run on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from beside import beside

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


async def _stop(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    asyncio.get_running_loop().stop()
    await asyncio.sleep(1)
    raise RuntimeError("stopped the loop")


async def _close(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    asyncio.get_running_loop().close()


async def _stop_and_close(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    loop = asyncio.get_running_loop()
    loop.stop()
    loop.call_soon(loop.close)
    await asyncio.sleep(1)


async def _replace(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    asyncio.set_event_loop(asyncio.new_event_loop())
    raise RuntimeError("set another loop")


async def _policy(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    asyncio.get_event_loop_policy().set_event_loop(None)
    raise RuntimeError("set a policy")


async def _run_inside(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    asyncio.run(asyncio.sleep(0))


async def _cancel_all(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    for task in asyncio.all_tasks():
        task.cancel()
    await asyncio.sleep(1)


async def _go_on(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


async def _receive_for_ever(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        with suppress(BaseException):
            await websocket._receive()


async def _swallow_everything(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            await websocket.receive_text()
        except BaseException:
            await asyncio.sleep(0)


async def _spin(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    while True:
        await asyncio.sleep(0)


async def _own_factory(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    loop = asyncio.get_running_loop()
    loop.set_task_factory(lambda loop, coro, **kwargs: asyncio.Task(coro, loop=loop, **kwargs))
    loop.set_exception_handler(lambda *_: None)
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0
    raise RuntimeError("set a task factory")


async def _executor_gone(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    loop = asyncio.get_running_loop()
    await loop.shutdown_default_executor()
    await loop.run_in_executor(None, print, "never")


stops = beside(_stop)
closes = beside(_close)
stops_and_closes = beside(_stop_and_close)
replaces = beside(_replace)
policy = beside(_policy)
runs_inside = beside(_run_inside)
cancels_all = beside(_cancel_all)
goes_on = beside(_go_on)
receives_for_ever = beside(_receive_for_ever)
swallows_everything = beside(_swallow_everything)
spins = beside(_spin)
own_factory = beside(_own_factory)
executor_gone = beside(_executor_gone)
