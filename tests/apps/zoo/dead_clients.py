"""Nobody takes the clients that have gone off the list (leonagoel/hybrid-recommender#477)."""

import json

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

viewers: list[StarletteWebSocket] = []


async def recommendations(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    viewers.append(websocket)
    async for text in websocket.iter_text():
        for viewer in viewers:
            await viewer.send_json({"seen": text})


starlette_app = Starlette(routes=[WebSocketRoute("/recommendations", recommendations)])

sockets: list[LitestarWebSocket] = []


@litestar_websocket("/recommendations")
async def litestar_recommendations(socket: LitestarWebSocket) -> None:
    await socket.accept()
    sockets.append(socket)
    async for text in socket.iter_data():
        for other in sockets:
            if other is not socket:
                await other.send_text(text)


litestar_app = Litestar([litestar_recommendations])

senders = []


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    senders.append(send)
    while (event := await receive())["type"] == "websocket.receive":
        for other in senders:
            await other({"type": "websocket.send", "text": json.dumps(str(event))})
