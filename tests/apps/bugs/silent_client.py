"""Thirty seconds are given for the next message, and nobody catches the time-out."""

import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect


async def quiz(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            answer = await asyncio.wait_for(websocket.receive_text(), timeout=30)
            await websocket.send_json({"correct": answer == "42"})
    except StarletteDisconnect:
        return


starlette_app = Starlette(routes=[WebSocketRoute("/quiz", quiz)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/quiz")
async def fastapi_quiz(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            async with asyncio.timeout(30):
                answer = await websocket.receive_text()
            await websocket.send_json({"correct": answer == "42"})
    except WebSocketDisconnect:
        pass


@litestar_websocket("/quiz")
async def litestar_quiz(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        answer = await asyncio.wait_for(socket.receive_text(), 30)
        await socket.send_json({"correct": answer == "42"})


litestar_app = Litestar([litestar_quiz])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (await asyncio.wait_for(receive(), 30))["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": "next question"})
