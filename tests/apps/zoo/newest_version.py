"""Whoever offers a version that is spoken gets the newest one, offered or not."""

from fastapi import FastAPI, WebSocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

SPOKEN = ("v1.chat", "v2.chat")


async def chat(websocket: StarletteWebSocket) -> None:
    offered = websocket.scope["subprotocols"]
    known = [name for name in offered if name in SPOKEN]
    await websocket.accept(subprotocol=SPOKEN[-1] if known else None)
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/chat", chat)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/feed")
async def feed(websocket: WebSocket) -> None:
    offered = websocket.headers.get("sec-websocket-protocol")
    await websocket.accept(subprotocol="feed.v2" if offered else None)
    async for text in websocket.iter_text():
        await websocket.send_text(text)
