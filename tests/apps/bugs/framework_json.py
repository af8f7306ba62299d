"""The framework parses the JSON; text that is none ends the connection."""

from typing import Any

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def relay(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for value in websocket.iter_json():
        await websocket.send_json({"kind": type(value).__name__})


starlette_app = Starlette(routes=[WebSocketRoute("/relay", relay)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/relay")
async def relay_json(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            value: Any = await websocket.receive_json()
            await websocket.send_json({"kind": type(value).__name__})
    except WebSocketDisconnect:
        pass


@litestar_websocket("/relay")
async def relay_to_litestar(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for value in socket.iter_json():
        await socket.send_json({"kind": type(value).__name__})


litestar_app = Litestar([relay_to_litestar])
