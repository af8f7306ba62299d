"""Commands are looked up, and what is not there was not expected."""

import json
from enum import Enum

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Player(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        action = getattr(self, f"do_{data}")
        await websocket.send_text(await action())

    async def do_play(self) -> str:
        return "playing"

    async def do_stop(self) -> str:
        return "stopped"


starlette_app = Starlette(routes=[WebSocketRoute("/player", Player)])


class Command(Enum):
    PLAY = "play"
    PAUSE = "pause"


fastapi_app = FastAPI()


@fastapi_app.websocket("/player")
async def player(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                message = json.loads(await websocket.receive_text())
            except ValueError:
                await websocket.send_text("not JSON")
                continue
            if isinstance(message, dict) and "command" in message:
                await websocket.send_text(Command(message["command"]).name)
    except WebSocketDisconnect:
        pass


HANDLERS = {"volume": lambda value: value * 2, "mute": lambda value: not value}


@websocket_listener("/player")
async def litestar_player(data: str) -> str:
    name, _, value = data.partition(":")
    if value:
        return str(HANDLERS[name](len(value)))
    return "name:value, please"


litestar_app = Litestar([litestar_player])
