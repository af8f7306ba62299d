"""The printer at the other end knows one byte a character."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket

fastapi_app = FastAPI()


@fastapi_app.websocket("/printer")
async def printer(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            line = await websocket.receive_text()
            await websocket.send_bytes(line.encode("latin-1"))
    except WebSocketDisconnect:
        pass


@litestar_websocket("/printer")
async def litestar_printer(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for line in socket.iter_data():
        await socket.send_bytes(bytes(ord(character) for character in line))


litestar_app = Litestar([litestar_printer])
