"""Talks first, a lot, and at once: two hundred lines of history for whoever connects."""

from typing import Annotated

from fastapi import FastAPI, Query, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

HISTORY = [f"line {number}" for number in range(200)]


async def history(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    for line in HISTORY:
        await websocket.send_text(line)
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/history", history)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/history")
async def fastapi_history(
    websocket: WebSocket, limit: Annotated[int, Query(ge=1, le=200)], newest: bool = False
) -> None:
    await websocket.accept()
    lines = HISTORY[-limit:] if newest else HISTORY[:limit]
    try:
        await websocket.send_json(lines)
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass


@litestar_websocket("/history")
async def litestar_history(socket: LitestarWebSocket, limit: int) -> None:
    await socket.accept()
    await socket.send_json(HISTORY[: max(0, min(limit, 200))])
    async for text in socket.iter_data():
        await socket.send_text(text)


litestar_app = Litestar([litestar_history])
