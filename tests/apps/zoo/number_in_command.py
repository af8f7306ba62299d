"""`/roll six`: what follows the command is taken for a number."""

import random

from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def dice(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        command, _, argument = text.partition(" ")
        if command == "/roll":
            sides = max(2, int(argument))
            await websocket.send_text(str(random.randint(1, sides)))
        else:
            await websocket.send_text("try /roll 6")


starlette_app = Starlette(routes=[WebSocketRoute("/dice", dice)])


@websocket_listener("/goto")
async def go_to_line(data: str) -> str:
    if data.startswith("goto:"):
        return f"line {int(data.removeprefix('goto:'))}"
    return "nothing to do"


litestar_app = Litestar([go_to_line])
