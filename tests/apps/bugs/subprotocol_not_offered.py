"""The server speaks one subprotocol and says so to every client, asked or not."""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Telemetry(WebSocketEndpoint):
    encoding = "bytes"

    async def on_connect(self, websocket: StarletteWebSocket) -> None:
        await websocket.accept(subprotocol="telemetry.v2")

    async def on_receive(self, websocket: StarletteWebSocket, data: bytes) -> None:
        await websocket.send_bytes(data)


starlette_app = Starlette(routes=[WebSocketRoute("/telemetry", Telemetry)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/telemetry")
async def telemetry(websocket: WebSocket) -> None:
    await websocket.accept("telemetry.v2")
    async for data in websocket.iter_bytes():
        await websocket.send_bytes(data)


@litestar_websocket("/telemetry")
async def litestar_telemetry(socket: LitestarWebSocket) -> None:
    await socket.accept(subprotocols="telemetry.v2")
    async for data in socket.iter_data("binary"):
        await socket.send_bytes(data)


litestar_app = Litestar([litestar_telemetry])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept", "subprotocol": "telemetry.v2"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": event.get("bytes") or b""})
