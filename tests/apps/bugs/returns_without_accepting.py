"""A client that does not say its version is turned away by doing nothing at all."""

from fastapi import FastAPI, Header, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def device(websocket: StarletteWebSocket) -> None:
    if websocket.headers.get("x-device-version") is None:
        return
    await websocket.accept()
    await websocket.send_text("welcome")
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/device", device)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/device")
async def device_with_header(
    websocket: WebSocket, x_device_version: str | None = Header(default=None)
) -> None:
    if not x_device_version:
        return
    await websocket.accept()
    await websocket.send_text(x_device_version)


@litestar_websocket("/device")
async def litestar_device(socket: LitestarWebSocket) -> None:
    if "x-device-version" not in socket.headers:
        return
    await socket.accept()
    await socket.send_text("welcome")


litestar_app = Litestar([litestar_device])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    if not any(name == b"x-device-version" for name, _ in scope["headers"]):
        return
    await send({"type": "websocket.accept"})
