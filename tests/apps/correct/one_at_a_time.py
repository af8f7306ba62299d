"""Clients take the same things, one after the other: the second one waits for the first."""

import asyncio
from contextlib import suppress

from fastapi import FastAPI
from fastapi import WebSocket as FastApiWebSocket
from fastapi import WebSocketDisconnect as FastApiDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

PRICES = {"stalls": 40, "circle": 60, "box": 120}
for_sale = dict(PRICES)
selling = asyncio.Lock()


async def buy(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    bought: list[str] = []
    try:
        while (event := await websocket.receive())["type"] != "websocket.disconnect":
            place = event.get("text") or ""
            async with selling:
                if place in for_sale:
                    await asyncio.sleep(0.2)
                    del for_sale[place]
                    bought.append(place)
                    answer = {"bought": place}
                else:
                    answer = {"error": "not for sale"}
            with suppress(RuntimeError, OSError):
                await websocket.send_json(answer)
    finally:
        for_sale.update({place: PRICES[place] for place in bought})


starlette_app = Starlette(routes=[WebSocketRoute("/tickets", buy)])
fastapi_app = FastAPI()
claimed: dict[str, int] = {}


@fastapi_app.websocket("/jobs")
async def claim(websocket: FastApiWebSocket) -> None:
    await websocket.accept()
    me = id(websocket)
    with suppress(FastApiDisconnect):
        while (event := await websocket.receive())["type"] != "websocket.disconnect":
            job = event.get("text") or ""
            if job not in ("build", "deploy"):
                await websocket.send_text("no such job")
            elif claimed.setdefault(job, me) != me:
                await websocket.send_text("taken")
            else:
                await asyncio.sleep(1)
                await websocket.send_text("yours")
    for job in [job for job, owner in claimed.items() if owner == me]:
        del claimed[job]
