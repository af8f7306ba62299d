"""Notifications come by themselves; messages of the client confirm them."""

import asyncio
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketDisconnect as LitestarDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def remind(websocket: StarletteWebSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await asyncio.sleep(15)
            await websocket.send_json({"type": "reminder"})


async def notify(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    reminding = asyncio.create_task(remind(websocket))
    try:
        while True:
            confirmed = await websocket.receive_text()
            await websocket.send_json({"type": "confirmed", "length": len(confirmed)})
    finally:
        reminding.cancel()


starlette_app = Starlette(routes=[WebSocketRoute("/ws/notifications", notify)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/notifications")
async def fastapi_notify(websocket: WebSocket) -> None:
    await notify(websocket)


@litestar_websocket("/ws/notifications")
async def litestar_notify(socket: LitestarWebSocket) -> None:
    async def remind() -> None:
        with suppress(LitestarDisconnect, OSError):
            while True:
                await asyncio.sleep(15)
                await socket.send_json({"type": "reminder"})

    await socket.accept()
    reminding = asyncio.create_task(remind())
    try:
        async for confirmed in socket.iter_data():
            await socket.send_json({"type": "confirmed", "length": len(confirmed)})
    finally:
        reminding.cancel()


litestar_app = Litestar([litestar_notify])
