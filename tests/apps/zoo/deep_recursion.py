"""A nested value is walked by a function that calls itself."""

import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def depth(text: str) -> int:
    """How deep the brackets of a text are nested, as a recursive descent."""

    def inside(position: int) -> tuple[int, int]:
        deepest = 0
        while position < len(text):
            if text[position] == "[":
                below, position = inside(position + 1)
                deepest = max(deepest, below + 1)
            elif text[position] == "]":
                return deepest, position + 1
            else:
                position += 1
        return deepest, position

    return inside(0)[0]


async def nested(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_json({"depth": depth(text)})


starlette_app = Starlette(routes=[WebSocketRoute("/nested", nested)])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            value = json.loads(event.get("text") or "null")
        except ValueError:
            continue
        await send({"type": "websocket.send", "text": str(type(value))})
