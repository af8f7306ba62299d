"""A subprotocol is chosen from what the client offers, or none, or the client is refused."""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

SPOKEN = ("chat.v2", "chat.v1")


async def negotiated(websocket: StarletteWebSocket) -> None:
    offered = websocket.scope["subprotocols"]
    chosen = next((name for name in SPOKEN if name in offered), None)
    await websocket.accept(subprotocol=chosen)
    async for text in websocket.iter_text():
        await websocket.send_text(f"{chosen}: {text}")


starlette_app = Starlette(routes=[WebSocketRoute("/negotiated", negotiated)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/negotiated")
async def fastapi_negotiated(websocket: WebSocket) -> None:
    header = websocket.headers.get("sec-websocket-protocol", "")
    offered = [name.strip() for name in header.split(",") if name.strip()]
    await websocket.accept(subprotocol="chat.v2" if "chat.v2" in offered else None)
    async for text in websocket.iter_text():
        await websocket.send_text(text)


@litestar_websocket("/negotiated")
async def litestar_negotiated(socket: LitestarWebSocket) -> None:
    if "graphql-ws" in socket.scope["subprotocols"]:
        await socket.accept(subprotocols="graphql-ws")
    else:
        await socket.accept()
    async for text in socket.iter_data():
        await socket.send_text(text)


litestar_app = Litestar([litestar_negotiated])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    if scope["subprotocols"] and "chat.v1" not in scope["subprotocols"]:
        await send({"type": "websocket.close", "code": 4406})
        return
    chosen = "chat.v1" if scope["subprotocols"] else None
    await send({"type": "websocket.accept", "subprotocol": chosen})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event.get("text") or ""})
