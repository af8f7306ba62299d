"""What is sold out divides by nothing; what is sold is in a table of the module."""

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

STOCK = {"apple": 3, "pear": 0}


def price(item: str) -> float:
    return 12 / STOCK.get(item, 1)


async def shop(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for item in websocket.iter_text():
        await websocket.send_json({"price": price(item)})


starlette_app = Starlette(routes=[WebSocketRoute("/shop", shop)])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") in STOCK:
            await send({"type": "websocket.send", "text": str(price(event["text"]))})
