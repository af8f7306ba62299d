"""Errors are skipped, the one of the closed connection too (python-websockets#308)."""

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def patient(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    while True:
        try:
            await websocket.send_json(await websocket.receive_json())
        except Exception:
            continue


starlette_app = Starlette(routes=[WebSocketRoute("/patient", patient)])


@litestar_websocket("/patient")
async def litestar_patient(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        try:
            await socket.send_json(await socket.receive_json())
        except Exception:
            continue


litestar_app = Litestar([litestar_patient])
