"""The set of clients changes while a broadcast walks it (Kohei-Wada/taskdog#1091)."""

from contextlib import suppress
from typing import ClassVar

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Board(WebSocketEndpoint):
    encoding = "text"
    clients: ClassVar[set[StarletteWebSocket]] = set()

    async def on_connect(self, websocket: StarletteWebSocket) -> None:
        await websocket.accept()
        self.clients.add(websocket)

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:  # noqa: ARG002
        for client in self.clients:
            await client.send_text(data)

    async def on_disconnect(self, websocket: StarletteWebSocket, close_code: int) -> None:  # noqa: ARG002
        self.clients.discard(websocket)


starlette_app = Starlette(routes=[WebSocketRoute("/board", Board)])


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[int, WebSocket] = {}

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.connections[id(websocket)] = websocket

    def disconnect(self, websocket: WebSocket) -> None:
        self.connections.pop(id(websocket), None)

    async def broadcast(self, text: str) -> None:
        for connection in self.connections.values():
            with suppress(WebSocketDisconnect):
                await connection.send_text(text)


manager = ConnectionManager()
fastapi_app = FastAPI()


@fastapi_app.websocket("/tasks")
async def tasks(websocket: WebSocket) -> None:
    await manager.connect(websocket)
    try:
        while True:
            await manager.broadcast(await websocket.receive_text())
    except WebSocketDisconnect:
        pass
    finally:
        manager.disconnect(websocket)
