"""Two players each hold what the other one wants next."""

import asyncio

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

goods = {"gold": asyncio.Lock(), "wood": asyncio.Lock()}


async def trade(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    mine: list[str] = []
    try:
        async for text in websocket.iter_text():
            if text in ("gold", "wood") and text not in mine:
                await goods[text].acquire()
                mine.append(text)
            elif text == "done":
                while mine:
                    goods[mine.pop()].release()
            await websocket.send_text(", ".join(mine))
    finally:
        for name in mine:
            goods[name].release()


starlette_app = Starlette(routes=[WebSocketRoute("/trade", trade)])
