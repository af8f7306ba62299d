"""One binary message, answered, and that is all."""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def thumbnail(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    picture = await websocket.receive_bytes()
    await websocket.send_bytes(picture[:64])


starlette_app = Starlette(routes=[WebSocketRoute("/ws/thumbnail", thumbnail)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/thumbnail")
async def fastapi_thumbnail(websocket: WebSocket) -> None:
    await websocket.accept()
    picture = await websocket.receive_bytes()
    await websocket.send_bytes(picture[:64])


@litestar_websocket("/ws/thumbnail")
async def litestar_thumbnail(socket: LitestarWebSocket) -> None:
    await socket.accept()
    picture = await socket.receive_bytes()
    await socket.send_bytes(picture[:64])


litestar_app = Litestar([litestar_thumbnail])
