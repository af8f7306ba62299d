"""A relay closes with whatever code it is told."""

import json

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

fastapi_app = FastAPI()


@fastapi_app.websocket("/relay")
async def relay(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                message = json.loads(await websocket.receive_text())
            except ValueError:
                message = {}
            if isinstance(message, dict) and isinstance(message.get("close"), int):
                await websocket.close(message["close"])
                return
            await websocket.send_text("relayed")
    except WebSocketDisconnect:
        pass


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    event = {}
    while event.get("type") != "websocket.disconnect":
        event = await receive()
        if event.get("text") == "bye":
            await send({"type": "websocket.close", "code": 1006})
            return
