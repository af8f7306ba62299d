"""Commands start with a slash; nobody thought of a text without a first character."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, Router
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def is_command(text: str) -> bool:
    return text[0] == "/"


async def console(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text("command" if text[0] == "/" else "chat")


starlette_app = Starlette(routes=[WebSocketRoute("/console", console)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/console")
async def interactive(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_json({"command": is_command(text)})
    except WebSocketDisconnect:
        pass


@litestar_websocket("/console")
async def litestar_console(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        await socket.send_json({"command": is_command(text)})


litestar_app = Litestar([Router("/tools", route_handlers=[litestar_console])])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") is not None:
            kind = "command" if is_command(event["text"]) else "chat"
            await send({"type": "websocket.send", "text": kind})
