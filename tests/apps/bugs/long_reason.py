"""A reason of 119 characters, which are 124 bytes: one more than a close frame can carry."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

REASON = (
    "Gute Nacht allen! Für heute ist Schluss; wir öffnen morgen früh wieder, "
    "pünktlich um sechs Uhr, Mitteleuropäische Zeit."
)


async def night(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "logout":
            await websocket.close(4000, reason=REASON)
            return
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/night", night)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/night")
async def fastapi_night(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while await websocket.receive_text() != "logout":
            pass
        await websocket.close(code=4000, reason=REASON)
    except WebSocketDisconnect:
        pass


@litestar_websocket("/night")
async def litestar_night(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        if text == "logout":
            await socket.close(code=4000, reason=REASON)
            return


litestar_app = Litestar([litestar_night])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "logout":
            await send({"type": "websocket.close", "code": 4000, "reason": REASON})
            return
