"""Puts a hostile handler beside one that is correct, and is tested after it."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.websockets import WebSocket

_DIRECTORY = os.getcwd()
_RECURSION_LIMIT = sys.getrecursionlimit()


async def correct(websocket: WebSocket) -> None:
    """Echoes, needs time to pass, and minds what the process looks like."""
    assert os.getcwd() == _DIRECTORY
    assert sys.getrecursionlimit() >= _RECURSION_LIMIT
    assert asyncio.get_running_loop() is asyncio.get_event_loop()
    await websocket.accept()
    print("somebody has come")
    try:
        while True:
            text = await websocket.receive_text()
            await asyncio.sleep(1)
            worker = asyncio.create_task(asyncio.sleep(1, text))
            await websocket.send_text(await worker)
    except WebSocketDisconnect:
        pass


def beside(handler: Callable[[WebSocket], Awaitable[None]], **options: Any) -> Starlette:
    """An application whose first route is `handler`'s, and whose second one is correct."""
    routes = [WebSocketRoute("/ws/hostile", handler), WebSocketRoute("/ws/other", correct)]
    return Starlette(routes=routes, **options)
