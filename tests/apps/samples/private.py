"""Only who shows the token gets in; the others are refused with 4001."""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

TOKEN = "open-sesame"


async def vault(websocket: StarletteWebSocket) -> None:
    if websocket.query_params.get("token") != TOKEN:
        await websocket.close(code=4001)
        return
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"kept: {text}")


starlette_app = Starlette(routes=[WebSocketRoute("/ws/vault", vault)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/vault")
async def fastapi_vault(websocket: WebSocket, token: str = "") -> None:
    if token != TOKEN:
        await websocket.close(code=4001)
        return
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"kept: {text}")


@litestar_websocket("/ws/vault")
async def litestar_vault(socket: LitestarWebSocket) -> None:
    if socket.query_params.get("token") != TOKEN:
        await socket.close(code=4001)
        return
    await socket.accept()
    async for text in socket.iter_data():
        await socket.send_text(f"kept: {text}")


litestar_app = Litestar([litestar_vault])
