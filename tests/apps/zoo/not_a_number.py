"""JSON as Python reads it has NaN and Infinity."""

import json
import math

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

fastapi_app = FastAPI()


@fastapi_app.websocket("/slider")
async def slider(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                message = json.loads(await websocket.receive_text())
            except json.JSONDecodeError:
                continue
            value = message.get("value") if isinstance(message, dict) else None
            if isinstance(value, float):
                await websocket.send_json({"rounded": round(value)})
    except WebSocketDisconnect:
        pass


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            number = float(event.get("text") or "0")
        except ValueError:
            continue
        await send({"type": "websocket.send", "text": str(math.floor(number))})
