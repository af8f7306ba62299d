"""Bugs behind the order of messages, or behind what the server answered."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application


async def _object(websocket: WebSocket) -> dict[str, Any]:
    data = await websocket.receive_json()
    return data if isinstance(data, dict) else {}


async def token(websocket: WebSocket) -> None:
    await websocket.accept()
    issued = secrets.token_hex(8)
    try:
        while True:
            data = await _object(websocket)
            if data.get("action") == "issue":
                await websocket.send_json({"token": issued})
            elif data.get("action") == "redeem" and data.get("token") == issued:
                raise Bug("redeemed")
    except WebSocketDisconnect:
        pass


async def deleted_twice(websocket: WebSocket) -> None:
    await websocket.accept()
    rooms: set[int] = set()
    gone: set[int] = set()
    counter = 1000
    try:
        while True:
            data = await _object(websocket)
            if data.get("op") == "create":
                counter += 7
                rooms.add(counter)
                await websocket.send_json({"room_id": counter})
            elif data.get("op") == "delete" and isinstance(data.get("id"), int):
                if data["id"] in gone:
                    raise Bug("deleted what is gone")
                if data["id"] in rooms:
                    rooms.discard(data["id"])
                    gone.add(data["id"])
    except WebSocketDisconnect:
        pass


async def unfinished_upload(websocket: WebSocket) -> None:
    await websocket.accept()
    started = False
    parts = 0
    try:
        while True:
            data = await _object(websocket)
            if data.get("step") == "begin":
                started, parts = True, 0
            elif data.get("step") == "part" and started:
                parts += 1
            elif data.get("step") == "commit" and started:
                if parts == 0:
                    raise Bug("committed nothing")
                started = False
    except WebSocketDisconnect:
        pass


async def after_logout(websocket: WebSocket) -> None:
    await websocket.accept()
    user: str | None = None
    was: str | None = None
    try:
        while True:
            data = await _object(websocket)
            match data.get("type"):
                case "login" if isinstance(data.get("name"), str):
                    user = data["name"]
                case "logout":
                    was, user = user, None
                case "post" if user is None and was is not None:
                    raise Bug("posts as nobody")
    except WebSocketDisconnect:
        pass


async def said_twice(websocket: WebSocket) -> None:
    await websocket.accept()
    seen: set[str] = set()
    try:
        while True:
            data = await _object(websocket)
            name = data.get("nickname")
            if isinstance(name, str) and name:
                if name in seen:
                    raise Bug("this name is taken")
                seen.add(name)
    except WebSocketDisconnect:
        pass


async def password_first(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        hello = await _object(websocket)
        if hello.get("password") != "swordfish":
            await websocket.close(4001)
            return
        while True:
            data = await _object(websocket)
            if data.get("query") == "everything":
                raise Bug("too much")
            await websocket.send_json({"rows": 0})
    except WebSocketDisconnect:
        pass


async def greeted_with_text(websocket: WebSocket) -> None:
    await websocket.accept()
    nonce = secrets.token_urlsafe(6)
    await websocket.send_text(f"HELLO {nonce}")
    try:
        while True:
            command, _, rest = (await websocket.receive_text()).partition(" ")
            if command == "AUTH" and rest == nonce:
                raise Bug("authenticated")
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: application(handler)
    for handler in (
        token,
        deleted_twice,
        unfinished_upload,
        after_logout,
        said_twice,
        password_first,
        greeted_with_text,
    )
}
