"""The farewell is said after hanging up."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def call(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "hangup":
            await websocket.close()
        await websocket.send_text("ok")


starlette_app = Starlette(routes=[WebSocketRoute("/call", call)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/call")
async def fastapi_call(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if await websocket.receive_text() == "hangup":
                await websocket.close()
                await websocket.send_text("goodbye")
    except WebSocketDisconnect:
        pass


@litestar_websocket("/call")
async def litestar_call(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        if text == "hangup":
            await socket.close()
        await socket.send_text("ok")


litestar_app = Litestar([litestar_call])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "hangup":
            await send({"type": "websocket.close"})
        await send({"type": "websocket.send", "text": "ok"})
