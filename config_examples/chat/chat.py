"""A chat with rooms: join, say, leave; everybody in a room hears what is said in it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

MOST_CHARACTERS = 2_000
rooms: defaultdict[str, dict[WebSocket, str]] = defaultdict(dict)


async def tell(room: str, event: dict[str, Any]) -> None:
    """Send an event to everybody in a room; who has gone is forgotten, and disturbs nobody."""
    for guest in list(rooms[room]):
        try:
            await guest.send_json(event)
        except (RuntimeError, WebSocketDisconnect):
            rooms[room].pop(guest, None)


def read(text: str) -> Any:
    """The command in a message; None when there is none, or when it cannot be passed on: JSON
    may escape half a character, which no WebSocket message can carry."""
    try:
        command = json.loads(text)
        json.dumps(command, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return command


async def respond(websocket: WebSocket, room: str, text: str) -> None:
    command = read(text)
    match command:
        case {"action": "join", "name": str(name)} if name.strip():
            rooms[room][websocket] = name
            await tell(room, {"event": "joined", "name": name})
        case {"action": "say", "text": str(said)} if websocket in rooms[room]:
            name = rooms[room][websocket]
            await tell(room, {"event": "said", "name": name, "text": said[:MOST_CHARACTERS]})
        case {"action": "leave"} if websocket in rooms[room]:
            name = rooms[room].pop(websocket)
            await tell(room, {"event": "left", "name": name})
        case _:
            await websocket.send_json({"event": "refused", "reason": "join first, then say"})


async def chat(websocket: WebSocket) -> None:
    room = websocket.path_params["room"]
    await websocket.accept()
    try:
        while (frame := await websocket.receive())["type"] == "websocket.receive":
            if frame.get("text") is None:
                await websocket.close(1003, "text only")
                return
            await respond(websocket, room, frame["text"])
    except WebSocketDisconnect:
        pass
    finally:
        name = rooms[room].pop(websocket, None)
        if name is not None:
            await tell(room, {"event": "left", "name": name})
        if not rooms[room]:
            del rooms[room]


app = Starlette(routes=[WebSocketRoute("/chat/{room}", chat)])
