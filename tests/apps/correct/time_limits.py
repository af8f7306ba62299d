"""Silent and hasty clients are shown the door, with a reason."""

import asyncio
from collections import deque

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def idle(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            text = await asyncio.wait_for(websocket.receive_text(), timeout=60)
        except TimeoutError:
            await websocket.close(4408, "idle for a minute")
            return
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/idle", idle)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/limited")
async def limited(websocket: WebSocket) -> None:
    await websocket.accept()
    recent: deque[float] = deque(maxlen=5)
    loop = asyncio.get_running_loop()
    try:
        while True:
            text = await websocket.receive_text()
            if len(recent) == 5 and loop.time() - recent[0] < 1:
                await websocket.close(code=1008, reason="five messages a second")
                break
            recent.append(loop.time())
            await websocket.send_text(text)
    except WebSocketDisconnect:
        pass


@litestar_websocket("/session")
async def session(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        async with asyncio.timeout(900):
            async for text in socket.iter_data():
                await socket.send_text(text)
            return
    except TimeoutError:
        await socket.close(code=4001, reason="the session has expired")


litestar_app = Litestar([session])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    missed = 0
    while missed < 3:
        try:
            event = await asyncio.wait_for(receive(), 30)
        except TimeoutError:
            missed += 1
            await send({"type": "websocket.send", "text": "ping"})
            continue
        if event["type"] == "websocket.disconnect":
            return
        missed = 0
    await send({"type": "websocket.close", "code": 4408})
