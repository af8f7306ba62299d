"""A list item is picked by the number that the client gives."""

import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def todo(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    items: list[str] = []
    async for text in websocket.iter_text():
        try:
            message = json.loads(text)
            action = message["action"]
        except (ValueError, TypeError, KeyError):
            await websocket.send_json({"error": "bad message"})
            continue
        if action == "add":
            items.append(str(message.get("title", "")))
        elif action == "remove" and isinstance(message.get("index"), int):
            del items[message["index"]]
        await websocket.send_json({"items": items})


starlette_app = Starlette(routes=[WebSocketRoute("/todo", todo)])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    drawn = []
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "undo":
            drawn.pop()
        elif event.get("text"):
            drawn.append(event["text"])
        await send({"type": "websocket.send", "text": str(len(drawn))})
