"""A fixed buffer of 32 KiB takes every chunk, until one is larger."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

BUFFER_SIZE = 32 * 1024


def checksum(chunk: bytes) -> int:
    buffer = memoryview(bytearray(BUFFER_SIZE))
    buffer[: len(chunk)] = chunk
    return sum(buffer) & 0xFFFF


class Upload(WebSocketEndpoint):
    encoding = "bytes"

    async def on_receive(self, websocket: StarletteWebSocket, data: bytes) -> None:
        await websocket.send_json({"checksum": checksum(data)})


starlette_app = Starlette(routes=[WebSocketRoute("/upload", Upload)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/upload")
async def upload(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            chunk = await websocket.receive_text()
            await websocket.send_json({"checksum": checksum(chunk.encode())})
    except WebSocketDisconnect:
        pass


@websocket_listener("/upload", receive_mode="binary")
async def upload_listener(data: bytes) -> dict[str, int]:
    return {"checksum": checksum(data)}


litestar_app = Litestar([upload_listener])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        chunk = event.get("bytes") or (event.get("text") or "").encode()
        await send({"type": "websocket.send", "text": str(checksum(chunk))})
