"""Styles that are so usual that nobody notices them: types written as names, sizes checked first,
texts and bytes as they come, patterns with alternatives."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Any

from litestar import Litestar, websocket_listener
from litestar.dto import DataclassDTO
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application


@dataclass
class Reading:
    """Its defaults say nothing of what is sent."""

    kind: str
    note: str = ""
    level: int = 0


@websocket_listener("/ws", dto=DataclassDTO[Reading], return_dto=None)
async def readings(data: Reading) -> dict[str, object]:
    if data.kind == "tide" and len(data.note) > 2 and data.level > 0:
        raise Bug("high water")
    return {"kind": data.kind}


FRAME = struct.Struct(">BHH")
RESIZE, PAN = 7, 8


class Screen:
    width = 1

    def handle(self, kind: int, x: int, y: int) -> tuple[int, int, int]:
        if kind == RESIZE:
            self.width = x
            return kind, x, y
        if kind == PAN:
            return kind, (x + y) // self.width, 0  # the bug
        return 0, 0, 0


async def screen(websocket: WebSocket) -> None:
    await websocket.accept()
    shown = Screen()
    try:
        async for frame in websocket.iter_bytes():
            if len(frame) != FRAME.size:
                await websocket.send_bytes(b"\0")
                continue
            await websocket.send_bytes(FRAME.pack(*shown.handle(*FRAME.unpack(frame))))
    except WebSocketDisconnect:
        pass


async def search(websocket: WebSocket) -> None:
    await websocket.accept()
    lines = ("north gate", "south gate")
    try:
        while True:
            wanted = await websocket.receive_text()
            if not wanted.startswith("find ") or len(wanted) > 60:
                await websocket.send_text("find WHAT")
                continue
            pattern = re.compile(wanted.removeprefix("find "))  # the bug
            await websocket.send_text("\n".join(filter(pattern.search, lines)))
    except WebSocketDisconnect:
        pass


class Scores(WebSocketEndpoint):
    """Without an encoding: what comes is text or bytes."""

    async def on_connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.scores: dict[str, list[int]] = {}

    async def on_receive(self, websocket: WebSocket, data: Any) -> None:
        if not isinstance(data, str):
            await websocket.send_text("text please")
            return
        command, *names = data.split() or ["help"]
        if command == "open" and len(names) == 1:
            self.scores[names[0]] = []
            await websocket.send_text("opened")
        elif command == "top" and names and names[0] in self.scores:
            await websocket.send_text(str(max(self.scores[names[0]])))  # the bug
        else:
            await websocket.send_text("open NAME, top NAME")


DOOR = re.compile(r"(open|close|lock) (front|back)")


async def doors(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        async for line in websocket.iter_text():
            found = DOOR.fullmatch(line)
            if found is None:
                await websocket.send_text("open, close or lock, front or back")
            elif found[1] == "open":
                await websocket.send_text(f"{found[2]} is open")
            elif found[1] == "close":
                await websocket.send_text(f"{found[2]} is closed")
            elif found[2] == "front":
                await websocket.send_text("front is locked")
            else:
                raise Bug("no key")
    except WebSocketDisconnect:
        pass


APPS: dict[str, Any] = {
    "readings": Litestar([readings]),
    "scores": Starlette(routes=[WebSocketRoute("/ws", Scores)]),
    **{handler.__name__: application(handler) for handler in (screen, search, doors)},
}
