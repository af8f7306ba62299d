"""A terminal's bytes become text the way file names do, with surrogates for what is not UTF-8."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def shown(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")


class Terminal(WebSocketEndpoint):
    encoding = "bytes"

    async def on_receive(self, websocket: StarletteWebSocket, data: bytes) -> None:
        await websocket.send_text(shown(data))


starlette_app = Starlette(routes=[WebSocketRoute("/terminal", Terminal)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/terminal")
async def terminal(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(shown(await websocket.receive_bytes()))
    except WebSocketDisconnect:
        pass


@websocket_listener("/terminal", receive_mode="binary")
async def litestar_terminal(data: bytes) -> str:
    return shown(data)


litestar_app = Litestar([litestar_terminal])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": shown(event.get("bytes") or b"")})
