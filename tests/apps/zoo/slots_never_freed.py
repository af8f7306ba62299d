"""A place is taken for each connection, and given back only by those who say goodbye."""

import asyncio

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

places = asyncio.Semaphore(4)


async def support(websocket: StarletteWebSocket) -> None:
    await places.acquire()
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "goodbye":
            places.release()
            await websocket.close()
            return
        await websocket.send_text("one moment, please")


starlette_app = Starlette(routes=[WebSocketRoute("/support", support)])
seats = asyncio.Queue()
for seat in range(3):
    seats.put_nowait(seat)


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    seat = await seats.get()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "leave":
            break
        await send({"type": "websocket.send", "text": f"you sit on {seat}"})
    else:
        return
    seats.put_nowait(seat)
    await send({"type": "websocket.close"})
