"""A chat with a bot, in a handler that swallows whatever happens."""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def bot(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            line = await websocket.receive_text()
            await websocket.send_text(f"Bot: you said {line!r}")
    except Exception:
        pass


starlette_app = Starlette(routes=[WebSocketRoute("/ws/bot", bot)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/bot")
async def fastapi_bot(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            line = await websocket.receive_text()
            await websocket.send_text(f"Bot: {line}?")
    except Exception:
        return


@litestar_websocket("/ws/bot")
async def litestar_bot(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        while True:
            line = await socket.receive_text()
            await socket.send_text(f"Bot: {line}!")
    except Exception:
        return


litestar_app = Litestar([litestar_bot])
