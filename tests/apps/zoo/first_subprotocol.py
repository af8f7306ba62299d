"""The first offered subprotocol is taken, although nothing may be offered."""

from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def remote(websocket: StarletteWebSocket) -> None:
    offered = websocket.headers["sec-websocket-protocol"].split(", ")
    await websocket.accept(subprotocol=offered[0])
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/remote", remote)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/remote")
async def fastapi_remote(websocket: WebSocket) -> None:
    offered = websocket.scope["subprotocols"]
    chosen = "remote.v2" if "remote.v1" in offered else None
    await websocket.accept(subprotocol=chosen)
    async for text in websocket.iter_text():
        await websocket.send_text(text)


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept", "subprotocol": scope["subprotocols"][0]})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": "ok"})
