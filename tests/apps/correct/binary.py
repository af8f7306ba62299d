"""Binary protocols that look before they unpack."""

import json
import logging
import struct

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import SerializationException
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

logger = logging.getLogger("sensors")
HEADER = struct.Struct(">BH")


class Frames(WebSocketEndpoint):
    encoding = "bytes"

    async def on_receive(self, websocket: StarletteWebSocket, data: bytes) -> None:
        if len(data) < HEADER.size:
            logger.warning("a frame of %d bytes was dropped", len(data))
            return
        kind, length = HEADER.unpack_from(data)
        body = data[HEADER.size : HEADER.size + length]
        await websocket.send_bytes(HEADER.pack(kind, len(body)) + body)


starlette_app = Starlette(routes=[WebSocketRoute("/frames", Frames)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/frames")
async def either(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            event = await websocket.receive()
            if event["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(event["code"])
            if event.get("bytes") is not None:
                await websocket.send_bytes(event["bytes"])
            else:
                await websocket.send_json({"text": len(event["text"])}, mode="binary")
    except WebSocketDisconnect as disconnect:
        logger.info("client left with %s", disconnect.code)


@litestar_websocket("/packed")
async def packed(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        try:
            value = await socket.receive_msgpack()
        except (SerializationException, RecursionError):
            await socket.send_msgpack({"error": "not msgpack"})
            continue
        await socket.send_msgpack({"type": type(value).__name__})


litestar_app = Litestar([packed])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept", "headers": [(b"x-frames", b"binary")]})
    while (event := await receive())["type"] == "websocket.receive":
        data = event.get("bytes")
        if data is None:
            warning = json.dumps({"warning": "binary frames only"})
            await send({"type": "websocket.send", "text": warning})
        else:
            await send({"type": "websocket.send", "bytes": data})
