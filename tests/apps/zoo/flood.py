"""How many answers come is for the client to say."""

import json

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

fastapi_app = FastAPI()


@fastapi_app.websocket("/numbers")
async def numbers(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if await websocket.receive_text() == "all":
                number = 0
                while True:
                    await websocket.send_json({"number": number})
                    number += 1
    except WebSocketDisconnect:
        pass


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            request = json.loads(event.get("text") or "{}")
        except ValueError:
            continue
        count = request.get("count") if isinstance(request, dict) else None
        for number in range(count if isinstance(count, int) else 1):
            await send({"type": "websocket.send", "text": str(number)})
