"""Subscribing without saying to what: the handler takes the key for granted."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


async def feed(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    subscriptions = []
    async for text in websocket.iter_text():
        message = parsed(text)
        if message.get("action") == "subscribe":
            subscriptions.append(message["channel"])
            await websocket.send_json({"subscribed": len(subscriptions)})
        elif message.get("action") == "list":
            await websocket.send_json({"channels": len(subscriptions)})
        else:
            await websocket.send_json({"error": "unknown action"})


starlette_app = Starlette(routes=[Mount("/api", routes=[WebSocketRoute("/feed", feed)])])


class Subscriptions:
    def __init__(self) -> None:
        self.channels: list[Any] = []

    def handle(self, message: dict[str, Any]) -> dict[str, Any]:
        match message.get("action"):
            case "subscribe":
                self.channels.append(message["channel"])
                return {"subscribed": len(self.channels)}
            case "list":
                return {"channels": len(self.channels)}
            case _:
                return {"error": "unknown action"}


router = APIRouter(prefix="/v1")


@router.websocket("/feed")
async def feed_with_dependency(
    websocket: WebSocket, subscriptions: Annotated[Subscriptions, Depends(Subscriptions)]
) -> None:
    await websocket.accept()
    try:
        while True:
            message = parsed(await websocket.receive_text())
            await websocket.send_json(subscriptions.handle(message))
    except WebSocketDisconnect:
        return


fastapi_app = FastAPI()
fastapi_app.include_router(router)


@websocket_listener("/feed")
async def listener(data: str) -> dict[str, Any]:
    message = parsed(data)
    if message.get("action") == "subscribe":
        return {"subscribed": message["channel"] is not None}
    return {"error": "unknown action"}


litestar_app = Litestar([listener])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        message = parsed(event.get("text") or "{}")
        if message.get("action") == "subscribe":
            await send({"type": "websocket.send", "text": type(message["channel"]).__name__})
