"""A heartbeat beside the reader, stopped with it."""

import asyncio
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Beating(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: StarletteWebSocket) -> None:
        await websocket.accept()
        self.heartbeat = asyncio.create_task(self.beat(websocket))

    async def beat(self, websocket: StarletteWebSocket) -> None:
        while True:
            await asyncio.sleep(25)
            await websocket.send_json({"type": "ping"})

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        if data != "pong":
            await websocket.send_text(data)

    async def on_disconnect(self, websocket: StarletteWebSocket, close_code: int) -> None:  # noqa: ARG002
        self.heartbeat.cancel()


starlette_app = Starlette(routes=[WebSocketRoute("/beating", Beating)])
fastapi_app = FastAPI()


async def beat(websocket: WebSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await asyncio.sleep(10)
            await websocket.send_text("ping")


@fastapi_app.websocket("/beating")
async def beating(websocket: WebSocket) -> None:
    await websocket.accept()
    heartbeat = asyncio.create_task(beat(websocket))
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(text)
    except WebSocketDisconnect:
        pass
    finally:
        heartbeat.cancel()
        with suppress(asyncio.CancelledError):
            await heartbeat


@litestar_websocket("/beating")
async def litestar_beating(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        try:
            text = await asyncio.wait_for(socket.receive_text(), timeout=20)
        except TimeoutError:
            await socket.send_text("ping")
        else:
            await socket.send_text(text)


litestar_app = Litestar([litestar_beating])
