"""Listeners and handlers of Litestar, with msgspec, dataclasses and TypedDicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypedDict

import msgspec
from litestar import Litestar, WebSocket, websocket, websocket_listener
from litestar.exceptions import SerializationException, WebSocketDisconnect
from litestar.handlers import WebsocketListener

from apps.generation import Bug


class Vote(TypedDict):
    candidate: str
    weight: int


@websocket_listener("/ws")
async def votes(data: Vote) -> dict[str, bool]:
    try:
        weight = data["weight"]
    except (KeyError, TypeError):
        return {"counted": False}
    if isinstance(weight, int) and weight < 0:
        raise Bug("takes votes away")
    return {"counted": True}


class Join(msgspec.Struct, tag="join"):
    room: str


class Leave(msgspec.Struct, tag="leave"):
    room: str
    reason: Annotated[str, msgspec.Meta(max_length=20)] | None = None


Message = Join | Leave


@websocket("/ws")
async def tagged(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    try:
        while True:
            text = await socket.receive_text()
            try:
                message = msgspec.json.decode(text, type=Message)
            except (msgspec.MsgspecError, UnicodeEncodeError):
                await socket.send_text("no")
                continue
            if isinstance(message, Leave) and message.reason == "":
                raise Bug("no reason")
    except WebSocketDisconnect:
        pass


@dataclass
class Point:
    x: float
    y: float


@websocket("/ws")
async def points(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    try:
        while True:
            try:
                point = msgspec.convert(await socket.receive_json(), Point)
            except (msgspec.MsgspecError, SerializationException):
                continue
            if point.x == point.y:
                raise Bug("on the diagonal")
    except WebSocketDisconnect:
        pass


class Lamp(WebsocketListener):
    path = "/ws"

    async def on_receive(self, data: dict[str, Any]) -> str:
        if not isinstance(data, dict):
            return "?"
        match data.get("switch"):
            case "on" | "off" as state:
                return state
            case "dim" if data.get("to") == 100:
                raise Bug("dimmed to full")
            case _:
                return "?"


@websocket_listener("/ws")
async def words(data: str) -> str:
    if data.upper() == "XYZZY":
        raise Bug("nothing happens")
    return "I see no such word here."


@dataclass
class Alarm:
    label: str
    minutes: int = 5


@websocket("/ws")
async def alarms(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    try:
        while True:
            try:
                alarm = Alarm(**await socket.receive_json())
            except (TypeError, SerializationException):
                continue
            if alarm.minutes == 0:
                raise Bug("rings before it is set")
    except WebSocketDisconnect:
        pass


@websocket_listener("/ws", receive_mode="binary")
async def chunks(data: bytes) -> str:
    if len(data) >= 4 and int.from_bytes(data[:2], "big") == len(data) - 2:
        raise Bug("exactly as long as it says")
    return data[:1].hex()


APPS = {
    name: Litestar([handler])
    for name, handler in (
        ("votes", votes),
        ("tagged", tagged),
        ("points", points),
        ("lamp", Lamp),
        ("words", words),
        ("alarms", alarms),
        ("chunks", chunks),
    )
}
