"""Commands go through a queue that nobody empties (python-websockets#418)."""

import asyncio

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def jobs(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str] = asyncio.Queue(maxsize=4)
    async for text in websocket.iter_text():
        await queue.put(text)
        if text == "run":
            while not queue.empty():
                await websocket.send_text(queue.get_nowait())


starlette_app = Starlette(routes=[WebSocketRoute("/jobs", jobs)])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    outbox = asyncio.Queue(2)
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        for word in (event.get("text") or "").split():
            await outbox.put(word)
        while not outbox.empty():
            await send({"type": "websocket.send", "text": outbox.get_nowait()})
