"""Half an emoji, escaped in JSON, comes back unescaped."""

import json

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def names(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        try:
            message = json.loads(text)
        except ValueError:
            continue
        if isinstance(message, dict):
            await websocket.send_json({"hello": message.get("name")})


starlette_app = Starlette(routes=[WebSocketRoute("/names", names)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/title")
async def title(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                value = json.loads(await websocket.receive_text())
            except json.JSONDecodeError:
                continue
            if isinstance(value, str):
                await websocket.send_text(value.title())
    except WebSocketDisconnect:
        pass
