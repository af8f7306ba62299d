"""The server talks and does not listen; it learns from its sends that the client has gone."""

import asyncio
import itertools
from collections.abc import AsyncGenerator

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar.handlers import websocket_stream
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def clock(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    for tick in itertools.count():
        await websocket.send_json({"tick": tick})
        await asyncio.sleep(1)


starlette_app = Starlette(routes=[WebSocketRoute("/clock", clock)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/progress")
async def progress(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        for percent in range(0, 101, 5):
            await websocket.send_json({"percent": percent})
            await asyncio.sleep(3)
        await websocket.close()
    except WebSocketDisconnect:
        pass


@websocket_stream("/clock", warn_on_data_discard=False)
async def litestar_clock() -> AsyncGenerator[dict[str, int], None]:
    for tick in itertools.count():
        yield {"tick": tick}
        await asyncio.sleep(0.5)


litestar_app = Litestar([litestar_clock])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    gone = asyncio.create_task(receive())
    try:
        for tick in itertools.count():
            await send({"type": "websocket.send", "text": str(tick)})
            done, _ = await asyncio.wait({gone}, timeout=2)
            if done and gone.result()["type"] == "websocket.disconnect":
                break
            if done:
                gone = asyncio.create_task(receive())
    finally:
        gone.cancel()
