"""Objects that a table, a decorator or a method's name sends somewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug, elsewhere
from apps.generation.starlette_json import application

Handler = Callable[[WebSocket, dict[str, Any]], Awaitable[None]]


async def _say(websocket: WebSocket, data: dict[str, Any]) -> None:
    text = data.get("text")
    await websocket.send_json({"said": isinstance(text, str)})


async def _rename(websocket: WebSocket, data: dict[str, Any]) -> None:
    name = data.get("name")
    if isinstance(name, str) and len(name) > 20:
        raise Bug("the column has 20 characters")
    await websocket.send_json({"renamed": True})


TABLE: dict[str, Handler] = {"say": _say, "rename": _rename}


async def table(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            if isinstance(data, dict) and isinstance(data.get("type"), str):
                handler = TABLE.get(data["type"])
                if handler is not None:
                    await handler(websocket, data)
    except WebSocketDisconnect:
        pass


REGISTERED: dict[str, Handler] = {}


def on(name: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        REGISTERED[name] = handler
        return handler

    return register


@on("volume.set")
async def set_volume(websocket: WebSocket, data: dict[str, Any]) -> None:
    level = data.get("level", 0)
    if isinstance(level, (int, float)) and level > 11:
        raise Bug("louder than loud")
    await websocket.send_json({})


@on("volume.get")
async def get_volume(websocket: WebSocket, data: dict[str, Any]) -> None:
    await websocket.send_json({"asked": len(data)})


async def decorated(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            event = data.get("event") if isinstance(data, dict) else None
            if isinstance(event, str) and event in REGISTERED:
                await REGISTERED[event](websocket, data)
    except WebSocketDisconnect:
        pass


class ByName(WebSocketEndpoint):
    encoding = "json"

    async def on_receive(self, websocket: WebSocket, data: Any) -> None:
        if not isinstance(data, dict):
            return
        method = getattr(self, f"do_{data.get('command')}", None)
        if method is not None:
            await method(websocket, data)

    async def do_status(self, websocket: WebSocket, data: dict[str, Any]) -> None:
        await websocket.send_json({"status": "up", "asked": len(data)})

    async def do_archive(self, websocket: WebSocket, data: dict[str, Any]) -> None:
        if data.get("older_than") == 0:
            raise Bug("archives what was said just now")
        await websocket.send_json({})


async def imported(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await elsewhere.answer(websocket, await elsewhere.next_message(websocket))
    except WebSocketDisconnect:
        pass


async def session(websocket: WebSocket) -> None:
    await elsewhere.Session(websocket).run()


class Remote:
    """Procedures that are called with what the message has under `params`."""

    def add(self, left: int, right: int) -> int:
        return left + right

    def repeat(self, text: str, times: int = 1) -> str:
        if times < 0:
            raise Bug("less than once")
        return text * min(times, 3)


REMOTE = Remote()
METHODS = {"add": REMOTE.add, "repeat": REMOTE.repeat}


async def procedures(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            call = await websocket.receive_json()
            try:
                result = METHODS[call["method"]](**call["params"])
            except (TypeError, KeyError, IndexError, ValueError):
                await websocket.send_json({"error": {"code": -32602}})
            else:
                await websocket.send_json({"result": str(result)[:10].isascii()})
    except WebSocketDisconnect:
        pass


APPS = {
    "table": application(table),
    "decorated": application(decorated),
    "by_name": Starlette(routes=[WebSocketRoute("/ws", ByName)]),
    "imported": application(imported),
    "session": application(session),
    "procedures": application(procedures),
}
