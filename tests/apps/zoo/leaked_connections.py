"""Every connection is kept for ever in a list that is never read again."""

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar.handlers import WebsocketListener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

audience: list[object] = []


class Stage(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: StarletteWebSocket) -> None:
        await websocket.accept()
        audience.append(websocket)

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        await websocket.send_json({"listeners": len(audience), "said": len(data)})


starlette_app = Starlette(routes=[WebSocketRoute("/stage", Stage)])


class StageListener(WebsocketListener):
    path = "/stage"

    async def on_accept(self, socket: LitestarWebSocket) -> None:
        audience.append(socket)

    async def on_receive(self, data: str) -> str:
        return data


litestar_app = Litestar([StageListener])
transports = {}


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    transports[len(transports)] = send
    while (await receive())["type"] == "websocket.receive":
        pass
