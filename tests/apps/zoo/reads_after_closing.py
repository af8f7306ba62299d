"""A terminal closes for idleness, and goes on reading."""

import asyncio

from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketDisconnect


async def terminal(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                line = await asyncio.wait_for(websocket.receive_text(), timeout=300)
            except TimeoutError:
                await websocket.send_text("idle, good bye")
                await websocket.close(4408)
            else:
                await websocket.send_text(f"$ {line}")
    except WebSocketDisconnect:
        pass


starlette_app = Starlette(routes=[WebSocketRoute("/terminal", terminal)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/once/{name}")
async def once(websocket: WebSocket, name: str) -> None:
    await websocket.accept()
    while True:
        try:
            async with asyncio.timeout(20):
                text = await websocket.receive_text()
        except TimeoutError:
            await websocket.close(4000, "too slow")
            continue
        except WebSocketDisconnect:
            return
        await websocket.send_text(f"{name}: {text}")
