"""Valid JSON that is no object (jenkinsci/resources-ai-chatbot-plugin#344)."""

import json

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener

fastapi_app = FastAPI()


@fastapi_app.websocket("/chat/stream")
async def stream(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                payload = json.loads(await websocket.receive_text())
            except json.JSONDecodeError:
                await websocket.send_json({"error": "that is not JSON"})
                continue
            question = payload.get("message", "")
            await websocket.send_json({"answer": f"You asked: {question}"})
    except WebSocketDisconnect:
        pass


@websocket_listener("/chat/stream")
async def litestar_stream(data: str) -> str:
    try:
        payload = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return "that is not JSON"
    return f"keys: {', '.join(payload.keys())}"


litestar_app = Litestar([litestar_stream])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            payload = json.loads(event.get("text") or "{}")
        except ValueError:
            continue
        reply = {"id": payload["id"]} if "id" in payload else {}
        await send({"type": "websocket.send", "text": json.dumps(reply)})
