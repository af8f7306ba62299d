"""The first message is to be a token, and unknown ones were not thought of."""

import json

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import Mount, Router, WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

USERS = {"s3cret": "ada", "hunter2": "grace"}


async def account(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    token = await websocket.receive_text()
    await websocket.send_text(f"hello {USERS[token]}")
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[Mount("/v2", app=Router([WebSocketRoute("/account", account)]))])


@litestar_websocket("/account")
async def litestar_account(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        hello = json.loads(await socket.receive_text())
    except ValueError:
        await socket.close(code=1003)
        return
    if not isinstance(hello, dict) or "token" not in hello:
        await socket.close(code=1008, reason="token missing")
        return
    scheme, value = hello["token"].split(":")
    await socket.send_json({"scheme": scheme, "known": value in USERS})


litestar_app = Litestar([litestar_account])
