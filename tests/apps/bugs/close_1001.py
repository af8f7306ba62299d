"""Statistics of why clients leave, by close code; one that browsers send is missing."""

from collections import Counter

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketDisconnect as LitestarDisconnect
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

REASONS = {1000: "done", 1005: "no status", 1006: "connection lost"}
left: Counter[str] = Counter()


class Counted(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        await websocket.send_text(data.upper())

    async def on_disconnect(self, websocket: StarletteWebSocket, close_code: int) -> None:  # noqa: ARG002
        left[REASONS[close_code]] += 1


starlette_app = Starlette(routes=[WebSocketRoute("/count", Counted)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/count")
async def count(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text((await websocket.receive_text()).upper())
    except WebSocketDisconnect as disconnect:
        left[REASONS[disconnect.code]] += 1


@litestar_websocket("/count")
async def litestar_count(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_text((await socket.receive_text()).upper())
    except LitestarDisconnect as disconnect:
        left[REASONS[disconnect.code]] += 1


litestar_app = Litestar([litestar_count])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": "ok"})
    left[REASONS[event.get("code", 1005)]] += 1
