"""Who has left the room on request is removed again when the connection ends."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar.handlers import WebsocketListener
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

members: set[object] = set()


async def lobby(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    members.add(websocket)
    try:
        async for text in websocket.iter_text():
            if text == "/leave":
                members.remove(websocket)
                await websocket.send_text("you left the room")
                break
            await websocket.send_text(f"{len(members)} here")
    finally:
        members.remove(websocket)


starlette_app = Starlette(routes=[WebSocketRoute("/lobby", lobby)])


class Room:
    def __init__(self) -> None:
        self.sockets: list[WebSocket] = []

    def leave(self, websocket: WebSocket) -> None:
        self.sockets.remove(websocket)


rooms: dict[int, Room] = {}
fastapi_app = FastAPI()


@fastapi_app.websocket("/lobby/{room_id}")
async def room(websocket: WebSocket, room_id: int) -> None:
    await websocket.accept()
    joined = rooms.setdefault(room_id, Room())
    joined.sockets.append(websocket)
    try:
        while True:
            command = await websocket.receive_text()
            if command == "/leave" and websocket in joined.sockets:
                joined.leave(websocket)
            await websocket.send_json({"members": len(joined.sockets)})
    except WebSocketDisconnect:
        pass
    finally:
        joined.leave(websocket)


class LobbyListener(WebsocketListener):
    path = "/lobby"

    async def on_accept(self, socket: LitestarWebSocket) -> None:
        members.add(socket)

    async def on_receive(self, data: str, socket: LitestarWebSocket) -> str:
        if data == "/leave":
            members.discard(socket)
        return f"{len(members)} here"

    async def on_disconnect(self, socket: LitestarWebSocket) -> None:
        members.remove(socket)


litestar_app = Litestar([LobbyListener])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    members.add(receive)
    try:
        while (event := await receive())["type"] == "websocket.receive":
            if event.get("text") == "/leave":
                members.discard(receive)
            await send({"type": "websocket.send", "text": str(len(members))})
    finally:
        members.remove(receive)
