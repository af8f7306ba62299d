"""Answers that nobody can foresee: the same conversation goes another way each time."""

import asyncio
import random
import secrets
import time
import uuid

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

dice = random.SystemRandom()


async def casino(websocket: StarletteWebSocket) -> None:
    """Now and then the house has had enough."""
    await websocket.accept()
    async for text in websocket.iter_text():
        if dice.randrange(20) == 0:
            await websocket.close(4000, "closing time")
            return
        await websocket.send_json({"bet": len(text), "number": dice.randrange(37)})


starlette_app = Starlette(routes=[WebSocketRoute("/casino", casino)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/session")
async def session(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json({"session": str(uuid.uuid4()), "started": time.time()})
    try:
        while True:
            text = await websocket.receive_text()
            await asyncio.sleep(dice.random())
            await websocket.send_json({"token": secrets.token_hex(8), "length": len(text)})
    except WebSocketDisconnect:
        pass


@litestar_websocket("/lottery")
async def lottery(socket: LitestarWebSocket) -> None:
    if dice.randrange(4) == 0:
        await socket.close(4429, "too many players")
        return
    await socket.accept()
    async for text in socket.iter_data():
        for _ in range(dice.randrange(3)):
            await socket.send_text(text or "nothing")


litestar_app = Litestar([lottery])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        kind = dice.choice(["text", "bytes"])
        await send(
            {"type": "websocket.send", "text": "heads"}
            if kind == "text"
            else {"type": "websocket.send", "bytes": secrets.token_bytes(4)}
        )
