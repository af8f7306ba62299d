"""A notice board: notes are pinned and taken down, with the number that the server gave."""

from __future__ import annotations

import json
from itertools import count

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

numbers = count(1)
pinned: dict[int, str] = {}


async def board(websocket: WebSocket) -> None:
    await websocket.accept()
    async for line in websocket.iter_text():
        try:
            note = json.loads(line)
        except (ValueError, RecursionError):
            note = None
        match note:
            case {"pin": str(text)}:
                number = next(numbers)
                pinned[number] = text
                await websocket.send_json({"pinned": number})
            case {"take": int(number)}:
                await websocket.send_json({"taken": pinned.pop(number, None)})
            case _:
                await websocket.send_json({"error": "pin or take"})


app = Starlette(routes=[WebSocketRoute("/board", board)])
