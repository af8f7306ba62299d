"""A handler that only pushes never learns that the client has gone (msei99/pbgui#282)."""

import asyncio

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketState


async def watch(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    while websocket.client_state is WebSocketState.CONNECTED:
        await asyncio.sleep(1)


starlette_app = Starlette(routes=[WebSocketRoute("/watch", watch)])
alerts: asyncio.Queue[str] = asyncio.Queue()
fastapi_app = FastAPI()


@fastapi_app.websocket("/alerts")
async def alerting(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        await websocket.send_text(await alerts.get())


@litestar_websocket("/alerts")
async def litestar_alerting(socket: LitestarWebSocket) -> None:
    await socket.accept()
    changed = asyncio.Event()
    while await changed.wait():
        await socket.send_json({"changed": True})


litestar_app = Litestar([litestar_alerting])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event.get("text"):
            await send({"type": "websocket.send", "text": event["text"]})
