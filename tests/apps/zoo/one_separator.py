"""`name=value`, split at every separator into exactly two."""

import base64

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

fastapi_app = FastAPI()


@fastapi_app.websocket("/settings")
async def settings(websocket: WebSocket) -> None:
    await websocket.accept()
    values: dict[str, str] = {}
    try:
        while True:
            line = await websocket.receive_text()
            if "=" not in line:
                await websocket.send_json(values)
                continue
            name, value = line.split("=")
            values[name] = value
    except WebSocketDisconnect:
        pass


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        text = event.get("text") or ""
        if text.startswith("data:"):
            content = base64.b64decode(text.removeprefix("data:"), validate=True)
            await send({"type": "websocket.send", "bytes": content})
