"""Passes lines on to whoever asked for them."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket


async def relay(websocket: WebSocket) -> None:
    await websocket.accept()
    async for line in websocket.iter_text():
        await websocket.send_text(f"{websocket.path_params['line']}: {line}")


app = Starlette(routes=[WebSocketRoute("/lines/{line:int}", relay)])
