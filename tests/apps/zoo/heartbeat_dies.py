"""The heartbeat has an error of its own, and is cancelled before anybody looks at it."""

import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Monitor(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: StarletteWebSocket) -> None:
        await websocket.accept()
        self.pongs: list[str] = []
        self.heartbeat = asyncio.create_task(self.beat(websocket))

    async def beat(self, websocket: StarletteWebSocket) -> None:
        while True:
            await asyncio.sleep(20)
            await websocket.send_json({"type": "ping", "last": self.pongs[-1]})

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:  # noqa: ARG002
        if data == "pong":
            self.pongs.append(data)

    async def on_disconnect(self, websocket: StarletteWebSocket, close_code: int) -> None:  # noqa: ARG002
        self.heartbeat.cancel()


starlette_app = Starlette(routes=[WebSocketRoute("/monitor", Monitor)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/monitor")
async def monitor(websocket: WebSocket) -> None:
    await websocket.accept()
    answered: dict[str, float] = {}

    async def heartbeat() -> None:
        while True:
            await asyncio.sleep(15)
            await websocket.send_text(f"last seen {answered['seen']:.0f}")

    task = asyncio.create_task(heartbeat())
    try:
        while True:
            text = await websocket.receive_text()
            if text == "pong":
                answered["seen"] = asyncio.get_running_loop().time()
    except WebSocketDisconnect:
        pass
    finally:
        task.cancel()
