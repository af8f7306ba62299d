"""Logs whatever happens, that a client left and that it talked nonsense as well."""

import json
import logging
import warnings

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketDisconnect as LitestarDisconnect
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

logger = logging.getLogger("chatty")


class Chatty(WebSocketEndpoint):
    encoding = "json"

    async def on_receive(self, websocket: StarletteWebSocket, data: object) -> None:
        logger.debug("got %r", data)
        await websocket.send_text(json.dumps({"type": type(data).__name__}))

    async def on_disconnect(self, websocket: StarletteWebSocket, close_code: int) -> None:
        logger.info("%s left with %d", websocket.client, close_code)


starlette_app = Starlette(routes=[WebSocketRoute("/chatty", Chatty)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/chatty")
async def chatty(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            try:
                json.loads(text)
            except (ValueError, RecursionError):
                logger.warning("a client talks nonsense: %.40r", text, exc_info=True)
            await websocket.send_text("ok")
    except WebSocketDisconnect:
        logger.exception("the client has left")


@litestar_websocket("/chatty")
async def litestar_chatty(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        while True:
            if not await socket.receive_text():
                warnings.warn("an empty message", stacklevel=1)
            await socket.send_text("ok")
    except LitestarDisconnect as error:
        logger.error("the client has left: %s", error.detail)


litestar_app = Litestar([litestar_chatty])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "alarm":
            logger.error("a client rang the alarm")
        await send({"type": "websocket.send", "text": "ok"})
    logger.critical("client left with %s", event.get("code"))
