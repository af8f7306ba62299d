"""Text from the client becomes a format string."""

import json

from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def templates(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text.format(user="you"))


starlette_app = Starlette(routes=[WebSocketRoute("/templates", templates)])


@websocket_listener("/greeting")
async def greeting(data: str) -> str:
    try:
        values = json.loads(data)
    except ValueError:
        return "send the values as JSON"
    if not isinstance(values, dict):
        return "send an object"
    return "Dear {name}, welcome to {city}!".format(**values)


litestar_app = Litestar([greeting])
