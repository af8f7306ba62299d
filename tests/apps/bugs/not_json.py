"""Whatever comes is parsed as JSON, and nobody expects that it is none."""

import json

import msgspec
from fastapi import FastAPI, WebSocket
from litestar import Controller, Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Mirror(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        await websocket.send_text(json.dumps(json.loads(data), sort_keys=True, default=str))


starlette_app = Starlette(routes=[WebSocketRoute("/mirror", Mirror)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/mirror/{depth:int}")
async def mirror(websocket: WebSocket, depth: int) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        value = json.loads(text)
        await websocket.send_text(json.dumps({"depth": depth, "value": value}))


class MirrorController(Controller):
    path = "/mirror"

    @litestar_websocket("/")
    async def mirror(self, socket: LitestarWebSocket) -> None:
        await socket.accept()
        while True:
            value = msgspec.json.decode(await socket.receive_text())
            await socket.send_json({"value": value})


litestar_app = Litestar([MirrorController])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        value = json.loads(event.get("text") or event.get("bytes") or "")
        await send({"type": "websocket.send", "text": json.dumps(value)})
