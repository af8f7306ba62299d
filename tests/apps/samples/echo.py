"""What is said comes back."""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def parrot(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_text(await websocket.receive_text())


starlette_app = Starlette(routes=[WebSocketRoute("/ws/parrot", parrot)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/parrot")
async def fastapi_parrot(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        words = await websocket.receive_text()
        await websocket.send_text(words)


@litestar_websocket("/ws/parrot")
async def litestar_parrot(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        words = await socket.receive_text()
        await socket.send_text(words)


litestar_app = Litestar(route_handlers=[litestar_parrot])
