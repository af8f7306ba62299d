"""Leaving a room is not prepared for somebody who is not in it (python-engineio#179)."""

from collections import defaultdict
from typing import Any

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar.handlers import WebsocketListener

rooms: dict[str, set[int]] = defaultdict(set)
fastapi_app = FastAPI()


@fastapi_app.websocket("/rooms/{room}")
async def rooms_endpoint(websocket: WebSocket, room: str) -> None:
    await websocket.accept()
    member = id(websocket)
    rooms[room].add(member)
    try:
        while True:
            command = await websocket.receive_text()
            if command == "join":
                rooms[room].add(member)
            elif command == "leave":
                rooms[room].remove(member)
            await websocket.send_json({"members": len(rooms[room])})
    except WebSocketDisconnect:
        rooms[room].discard(member)


class Rooms(WebsocketListener):
    path = "/rooms"

    def on_accept(self, socket: LitestarWebSocket) -> None:
        socket.scope["rooms"] = {"lobby"}

    def on_receive(self, data: str, socket: LitestarWebSocket) -> dict[str, Any]:
        try:
            message = msgspec.json.decode(data, type=dict[str, str])
        except msgspec.DecodeError as error:
            return {"error": str(error)}
        joined: set[str] = socket.scope["rooms"]
        match message:
            case {"type": "join", "room": room}:
                joined.add(room)
            case {"type": "leave", "room": room}:
                joined.remove(room)
        return {"rooms": sorted(joined)}


litestar_app = Litestar([Rooms])
