"""Every connection waits until the game server is up; nothing ever says that it is."""

import asyncio
from typing import Annotated

from fastapi import Depends, FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.di import Provide
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Server:
    def __init__(self) -> None:
        self.started = asyncio.Event()

    async def ready(self) -> None:
        await self.started.wait()


async def play(websocket: StarletteWebSocket) -> None:
    await Server().ready()
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/play", play)])


async def running_server() -> Server:
    server = Server()
    await server.ready()
    return server


fastapi_app = FastAPI()


@fastapi_app.websocket("/play")
async def play_with(
    websocket: WebSocket, server: Annotated[Server, Depends(running_server)]
) -> None:
    await websocket.accept()
    await websocket.send_json({"started": server.started.is_set()})


@litestar_websocket("/play", dependencies={"server": Provide(running_server)})
async def litestar_play(socket: LitestarWebSocket, server: Server) -> None:
    await socket.accept()
    await socket.send_json({"started": server.started.is_set()})


litestar_app = Litestar([litestar_play], signature_namespace={"Server": Server})


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await asyncio.get_running_loop().create_future()
    await send({"type": "websocket.accept"})
