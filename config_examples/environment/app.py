"""A clock that ticks as often as it is asked to."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/clock")
async def clock(websocket: WebSocket, every: int = 60) -> None:
    await websocket.accept()
    every = min(max(every, 1), 3_600)
    tick = 0
    with suppress(WebSocketDisconnect):
        while True:
            try:
                async with asyncio.timeout(every):
                    frame = await websocket.receive()
            except TimeoutError:
                tick += 1
                await websocket.send_json({"tick": tick})
                continue
            if frame["type"] == "websocket.disconnect":
                return
