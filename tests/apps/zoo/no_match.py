"""A pattern that does not match gives None, and None has no groups."""

import re

from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

POINT = re.compile(r"(\d{1,3}),(\d{1,3})")


class Canvas(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        x, y = POINT.fullmatch(data).groups()
        await websocket.send_json({"x": int(x), "y": int(y)})


starlette_app = Starlette(routes=[WebSocketRoute("/canvas", Canvas)])


@websocket_listener("/mentions")
async def mentions(data: str) -> str:
    if "@" in data:
        return re.search(r"@(\w+)", data).group(1)
    return "nobody"


litestar_app = Litestar([mentions])
