"""A number is sent where only text goes."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def lengths(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(len(text))


starlette_app = Starlette(routes=[WebSocketRoute("/lengths", lengths)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/lengths")
async def fastapi_lengths(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send({"type": "websocket.send", "text": len(text)})
    except WebSocketDisconnect:
        pass


@litestar_websocket("/lengths")
async def litestar_lengths(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        await socket.send({"type": "websocket.send", "text": len(text)})


litestar_app = Litestar([litestar_lengths])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": 123})
