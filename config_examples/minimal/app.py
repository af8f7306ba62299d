"""The least there is to test: what a client says comes back in capitals."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket


async def shout(websocket: WebSocket) -> None:
    await websocket.accept()
    async for line in websocket.iter_text():
        await websocket.send_text(line.upper())


app = Starlette(routes=[WebSocketRoute("/shout", shout)])
