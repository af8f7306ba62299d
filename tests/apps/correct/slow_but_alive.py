"""Answers that take their time, and cleaning up that does too, within what is allowed."""

import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar.handlers import WebsocketListener
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

audits: set[asyncio.Task[None]] = set()


async def audit(text: str) -> None:
    await asyncio.sleep(1 + len(text) % 2)


async def audited(websocket: StarletteWebSocket) -> None:
    """Each message starts a task that ends by itself, soon after the connection at the latest."""
    await websocket.accept()
    async for text in websocket.iter_text():
        task = asyncio.create_task(audit(text))
        audits.add(task)
        task.add_done_callback(audits.discard)
        await websocket.send_text("noted")


starlette_app = Starlette(routes=[WebSocketRoute("/audited", audited)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/render")
async def render(websocket: WebSocket) -> None:
    """A minute's work for each message, with news of it every five seconds."""
    await websocket.accept()
    try:
        while True:
            scene = await websocket.receive_text()
            for percent in range(0, 100, 10):
                await websocket.send_json({"scene": len(scene), "percent": percent})
                await asyncio.sleep(5)
            await websocket.send_json({"done": True})
    except WebSocketDisconnect:
        pass


class Journal(WebsocketListener):
    path = "/journal"

    async def on_accept(self, socket: LitestarWebSocket) -> None:
        socket.scope["journal"] = []

    async def on_receive(self, data: str, socket: LitestarWebSocket) -> str:
        await asyncio.sleep(4)
        socket.scope["journal"].append(data)
        return "written"

    async def on_disconnect(self, socket: LitestarWebSocket) -> None:
        await asyncio.shield(asyncio.sleep(3))
        socket.scope["journal"].clear()


litestar_app = Litestar([Journal])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await asyncio.sleep(8)
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        await asyncio.sleep(9)
        await send({"type": "websocket.send", "text": "at last"})
