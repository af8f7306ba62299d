"""Handlers that start threads which nobody ends."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from beside import beside

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


def _sleep_for_ever() -> None:
    while True:
        time.sleep(0.1)


async def _start(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    threading.Thread(target=_sleep_for_ever, daemon=True).start()
    raise RuntimeError("left a thread behind")


async def _call_back(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    loop = asyncio.get_running_loop()

    def call() -> None:
        with suppress(RuntimeError):  # the loop is closed
            while True:
                time.sleep(0.01)
                loop.call_soon_threadsafe(int)

    threading.Thread(target=call, daemon=True).start()
    raise RuntimeError("left a thread behind that calls")


async def _fail_from_outside(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    loop = asyncio.get_running_loop()
    threading.Thread(target=loop.call_soon_threadsafe, args=(int, "no number")).start()
    await websocket.receive_text()


async def _wait_for_a_thread(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_text()
    await asyncio.to_thread(threading.Event().wait, 30)


starts = beside(_start)
calls_back = beside(_call_back)
fails_from_outside = beside(_fail_from_outside)
waits_for_a_thread = beside(_wait_for_a_thread)
