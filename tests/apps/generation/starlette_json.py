"""Objects, looked into by hand."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, Literal, get_args

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug


def application(handler: Callable[[WebSocket], Awaitable[None]]) -> Starlette:
    return Starlette(routes=[WebSocketRoute("/ws", handler)])


async def subscribe(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            if not isinstance(data, dict):
                continue
            if data.get("action") == "subscribe":
                if data.get("channel") == "admin":
                    raise Bug("nobody may subscribe to admin")
                await websocket.send_json({"subscribed": data.get("channel") is not None})
            elif data.get("action") == "unsubscribe":
                await websocket.send_json({"subscribed": False})
    except WebSocketDisconnect:
        pass


async def transfer(websocket: WebSocket) -> None:
    await websocket.accept()
    balance = 500
    try:
        while True:
            message = await websocket.receive_json()
            try:
                kind = message["type"]
                amount = message["amount"] if kind == "transfer" else 0
            except (KeyError, TypeError):
                await websocket.send_json({"error": "bad message"})
                continue
            if not isinstance(amount, int):
                continue
            if amount > balance:
                raise Bug("overdrawn")
            await websocket.send_json({"balance": balance - max(amount, 0)})
    except WebSocketDisconnect:
        pass


async def nested_role(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            message = await websocket.receive_json()
            try:
                role = message["payload"]["user"]["role"]
            except (KeyError, TypeError, IndexError):
                role = None
            if role == "root":
                raise Bug("a client may not name its own role")
            await websocket.send_json({"ok": role is not None})
    except WebSocketDisconnect:
        pass


async def cart(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            order = await websocket.receive_json()
            if not isinstance(order, dict) or not isinstance(order.get("items"), list):
                continue
            for item in order["items"]:
                if not isinstance(item, dict):
                    break
                quantity = item.get("quantity", 1)
                if quantity == 0:
                    raise Bug("the price of one of nothing")
    except WebSocketDisconnect:
        pass


async def highest(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            scores = data.get("scores") if isinstance(data, dict) else None
            if not isinstance(scores, list):
                continue
            if len(scores) == 0:
                raise Bug("max() of nothing")
            await websocket.send_json({"count": len(scores)})
    except WebSocketDisconnect:
        pass


class Level(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    FATAL = "fatal"


async def levels(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            try:
                level = Level(data["level"])
            except (KeyError, TypeError, ValueError):
                continue
            if level is Level.FATAL:
                raise Bug("no such handler")
            await websocket.send_json({"level": level.value})
    except WebSocketDisconnect:
        pass


Command = Literal["start", "stop", "reset-all"]
COMMANDS = get_args(Command)


async def literals(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            command = data.get("command") if isinstance(data, dict) else None
            if command not in COMMANDS:
                await websocket.send_json({"error": "unknown"})
            elif COMMANDS.index(command) == 2 and data.get("confirm") is not True:
                raise Bug("reset without confirmation")
    except WebSocketDisconnect:
        pass


async def flag_present(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            if isinstance(data, dict) and "dry_run" in data and "target" in data:
                raise Bug("dry_run was never written")
            await websocket.send_json({})
    except WebSocketDisconnect:
        pass


async def digits(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            page = data.get("page") if isinstance(data, dict) else None
            if isinstance(page, str) and page.isdigit():
                try:
                    int(page)
                except ValueError:
                    raise Bug("isdigit() is not int()") from None
    except WebSocketDisconnect:
        pass


async def parsed_by_hand(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            try:
                data = json.loads(text)
            except ValueError:
                await websocket.send_text("not JSON")
                continue
            if isinstance(data, list):
                raise Bug("a batch")
            await websocket.send_text("ok")
    except WebSocketDisconnect:
        pass


async def not_json(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            try:
                data: Any = json.loads(text)
            except json.JSONDecodeError as error:
                raise Bug("unguarded") from error
            await websocket.send_json({"known": isinstance(data, dict) and "id" in data})
    except WebSocketDisconnect:
        pass


async def moves(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            match await websocket.receive_json():
                case {"op": "move", "x": int(x), "y": int(y)} if x < 0 or y < 0:
                    raise Bug("off the board")
                case {"op": "move", "x": int(), "y": int()}:
                    await websocket.send_json({"moved": True})
                case {"op": "resign" | "draw" as op}:
                    await websocket.send_json({"over": op})
                case _:
                    await websocket.send_json({"error": "what?"})
    except WebSocketDisconnect:
        pass


async def tuples(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            match await websocket.receive_json():
                case ["set", str(), None]:
                    raise Bug("set to nothing")
                case ["set", str(key), _]:
                    await websocket.send_json(["stored", len(key)])
                case ["get", str(), *_]:
                    await websocket.send_json(None)
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: application(handler)
    for handler in (
        subscribe,
        transfer,
        nested_role,
        cart,
        highest,
        levels,
        literals,
        flag_present,
        digits,
        parsed_by_hand,
        not_json,
        moves,
        tuples,
    )
}
