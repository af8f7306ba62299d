"""A binary frame has a header of eight bytes, if it is long enough."""

import struct
import zlib

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect


async def sensor(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            frame = await websocket.receive_bytes()
            device, reading = struct.unpack(">If", frame[:8])
            await websocket.send_json({"device": device, "reading": str(reading)})
    except StarletteDisconnect:
        pass


starlette_app = Starlette(routes=[WebSocketRoute("/sensor", sensor)])


@litestar_websocket("/sensor")
async def litestar_sensor(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for frame in socket.iter_data("binary"):
        kind, length = frame[0], int.from_bytes(frame[1:3], "big")
        await socket.send_json({"kind": kind, "length": length})


litestar_app = Litestar([litestar_sensor])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("bytes") is not None:
            await send({"type": "websocket.send", "bytes": zlib.decompress(event["bytes"])})
