"""Bad input is answered with the close code that is meant for it."""

import json
from typing import Literal

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect, WebSocketException, status
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketException as LitestarWebSocketException
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def strict(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    while True:
        event = await websocket.receive()
        if event["type"] == "websocket.disconnect":
            return
        if event.get("text") is None:
            await websocket.close(1003, "text only")
            return
        if len(event["text"]) > 4096:
            await websocket.close(1009)
            return
        try:
            value = json.loads(event["text"])
        except (ValueError, RecursionError):
            await websocket.close(1007, "not JSON")
            return
        if not isinstance(value, dict) or value.get("version") != 1:
            await websocket.close(4400, "version 1 is spoken here")
            return
        await websocket.send_json({"version": 1, "ok": True})


starlette_app = Starlette(routes=[WebSocketRoute("/strict", strict)])


class Subscribe(BaseModel):
    action: Literal["subscribe", "unsubscribe"]
    channel: str


fastapi_app = FastAPI()


@fastapi_app.websocket("/strict")
async def fastapi_strict(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            try:
                message = Subscribe.model_validate_json(text)
            except ValidationError:
                raise WebSocketException(status.WS_1008_POLICY_VIOLATION, "invalid") from None
            await websocket.send_text(json.dumps({"done": message.action}))
    except WebSocketDisconnect:
        return


class Ping(msgspec.Struct, tag="ping"):
    nonce: int


class Say(msgspec.Struct, tag="say"):
    text: str


@litestar_websocket("/strict")
async def litestar_strict(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        try:
            message = msgspec.json.decode(text, type=Ping | Say)
        except (msgspec.DecodeError, RecursionError):
            raise LitestarWebSocketException(detail="invalid", code=4422) from None
        match message:
            case Ping(nonce):
                await socket.send_json({"pong": nonce})
            case Say(said):
                await socket.send_json({"length": len(said)})


litestar_app = Litestar([litestar_strict])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        text = event.get("text")
        if text is None:
            await send({"type": "websocket.close", "code": 1003})
            return
        if not text.isascii():
            reason = "only ASCII, please: " + text[:40]
            cut = reason.encode()[:123].decode("utf-8", "ignore")
            await send({"type": "websocket.close", "code": 1008, "reason": cut})
            return
        await send({"type": "websocket.send", "text": text})
