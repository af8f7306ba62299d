"""`gather` ends with the reader, and the writer goes on (python/asyncio#238)."""

import asyncio
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

fastapi_app = FastAPI()


@fastapi_app.websocket("/live")
async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    seen = 0

    async def read() -> None:
        nonlocal seen
        while True:
            await websocket.receive_text()
            seen += 1

    async def write() -> None:
        while True:
            await asyncio.sleep(2)
            with suppress(Exception):
                await websocket.send_json({"seen": seen})

    with suppress(WebSocketDisconnect):
        await asyncio.gather(read(), write())


async def raw_app(scope, receive, send):
    updates = asyncio.Queue()

    async def read():
        while (event := await receive())["type"] == "websocket.receive":
            updates.put_nowait(event.get("text") or "binary")
        raise ConnectionError("client has left")

    async def write():
        while True:
            await send({"type": "websocket.send", "text": await updates.get()})

    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    with suppress(ConnectionError):
        await asyncio.gather(read(), write())
