"""A message from somebody who has not joined yet (Alt-Org/Altzone-Server#984)."""

import json
from dataclasses import dataclass

from fastapi import FastAPI, WebSocket, WebSocketDisconnect


@dataclass
class User:
    name: str


fastapi_app = FastAPI()


@fastapi_app.websocket("/chat")
async def chat(websocket: WebSocket) -> None:
    await websocket.accept()
    user: User | None = None
    try:
        while True:
            try:
                message = json.loads(await websocket.receive_text())
            except json.JSONDecodeError:
                continue
            if not isinstance(message, dict):
                continue
            if message.get("type") == "join":
                user = User(str(message.get("name")))
            elif message.get("type") == "message":
                await websocket.send_json({"from": user.name, "text": message.get("text")})
    except WebSocketDisconnect:
        pass


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    state = {"phase": "new"}
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        match (event.get("text") or "").split(maxsplit=1):
            case ["LOGIN", name]:
                state = {"phase": "ready", "name": name}
            case ["LOGOUT"]:
                del state["name"]
                state["phase"] = "new"
            case ["WHO"]:
                await send({"type": "websocket.send", "text": state["phase"]})
