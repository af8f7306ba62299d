"""All the ways to treat the end of a connection that do no harm."""

import logging

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketState

logger = logging.getLogger("leaving")


async def closes_anyway(websocket: StarletteWebSocket) -> None:
    """The disconnect of the client comes out, and on the way one more close is tried."""
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    finally:
        if websocket.application_state is WebSocketState.CONNECTED:
            await websocket.close()


starlette_app = Starlette(routes=[WebSocketRoute("/leaving", closes_anyway)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/leaving")
async def catches_everything(websocket: WebSocket) -> None:
    """Does not tell a disconnect from other errors, and looks whether anybody is there."""
    await websocket.accept()
    try:
        while True:
            await websocket.send_json({"got": await websocket.receive_text()})
    except Exception as error:
        logger.warning("the connection ended: %r", error)
        if websocket.client_state is WebSocketState.CONNECTED:
            await websocket.close(code=1001)


@litestar_websocket("/leaving")
async def one_shot(socket: LitestarWebSocket) -> None:
    """Answers once, says goodbye and closes."""
    await socket.accept()
    name = await socket.receive_text()
    await socket.send_text(f"goodbye, {name}")
    await socket.close()


litestar_app = Litestar([one_shot])


async def raw_app(scope, receive, send):
    """Sends to whom it may concern; that it comes too late is not an error."""
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        await send({"type": "websocket.send", "text": event["type"]})
        if event["type"] == "websocket.disconnect":
            break
