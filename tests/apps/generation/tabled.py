"""Tables that say, for each kind of message, what else is in it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

if TYPE_CHECKING:
    from collections.abc import Callable

VERBS: dict[str, dict[str, Any]] = {}


class Refused(Exception):
    """What was said makes no sense."""


def verb(*wanted: str) -> Callable[[Any], Any]:
    def registered(function: Any) -> Any:
        VERBS[function.__name__] = {"wanted": wanted, "do": function}
        return function

    return registered


@verb("lamp", "level")
def dim(lamps: dict[str, int | None], lamp: str, level: str) -> str:
    if not level.isdigit() or int(level) > 100:
        raise Refused("level")
    lamps[lamp] = int(level)
    return f"{lamp} {level}"


@verb("lamp")
def off(lamps: dict[str, int | None], lamp: str) -> str:
    if lamp not in lamps:
        raise Refused("lamp")
    lamps[lamp] = None
    return f"{lamp} off"


@verb("lamp")
def brighten(lamps: dict[str, int | None], lamp: str) -> str:
    if lamp not in lamps:
        raise Refused("lamp")
    level = lamps[lamp]
    if level is None:
        raise Bug("there is no level while the lamp is off")
    lamps[lamp] = min(level + 10, 100)
    return f"{lamp} {lamps[lamp]}"


def _lit(lamps: dict[str, int | None], line: str) -> str:
    name, *rest = line.split(",")
    if name not in VERBS:
        raise Refused(name)
    entry = VERBS[name]
    said = dict(piece.split(":", 1) for piece in rest if ":" in piece)
    if [key for key in entry["wanted"] if not said.get(key)]:
        raise Refused("options")
    return str(entry["do"](lamps, **{key: said[key] for key in entry["wanted"]}))


async def lamps(websocket: WebSocket) -> None:
    await websocket.accept()
    known: dict[str, int | None] = {}
    try:
        async for line in websocket.iter_text():
            try:
                await websocket.send_text(_lit(known, line))
            except Refused as refused:
                await websocket.send_text(f"error: {refused}")
    except WebSocketDisconnect:
        pass


DEPOSIT, WITHDRAW, FREEZE = 0x21, 0x22, 0x23
LAYOUTS = {DEPOSIT: "<IHH", WITHDRAW: "<IH", FREEZE: "<I"}


def _booked(vaults: dict[int, int], frame: bytes) -> bytes:
    what, body = frame[0], frame[1:]
    if what not in LAYOUTS:
        raise Refused("kind")
    if len(body) != struct.calcsize(LAYOUTS[what]):
        raise Refused("length")
    vault, *amounts = struct.unpack(LAYOUTS[what], body)
    if what == DEPOSIT:
        coins, notes = amounts
        vaults[vault] = vaults.get(vault, 0) + coins + notes
        return b"\x01"
    if vault not in vaults:
        raise Refused("vault")
    if what == WITHDRAW:
        if amounts[0] == vaults[vault]:
            raise Bug("an empty vault cannot be closed")
        return b"\x02"
    del vaults[vault]
    return b"\x03"


async def vaults(websocket: WebSocket) -> None:
    await websocket.accept()
    held: dict[int, int] = {}
    try:
        async for frame in websocket.iter_bytes():
            try:
                await websocket.send_bytes(_booked(held, frame) if frame else b"\xfe")
            except Refused:
                await websocket.send_bytes(b"\xff")
    except WebSocketDisconnect:
        pass


class Loom:
    def __init__(self) -> None:
        self.threads: dict[int, int] = {}
        self.table = {
            ord("s"): (struct.Struct(">HB"), self.string),
            ord("w"): (struct.Struct(">HHi"), self.weave),
            ord("c"): (struct.Struct(">H"), self.cut),
        }

    def string(self, thread: int, colour: int) -> str:
        self.threads[thread] = colour
        return f"strung {thread}"

    def weave(self, over: int, under: int, tension: int) -> str:
        if over not in self.threads or under not in self.threads:
            raise Refused("no such thread")
        if over != under and tension < 0:
            raise Bug("threads are pulled, not pushed")
        return "woven"

    def cut(self, thread: int) -> str:
        if self.threads.pop(thread, None) is None:
            raise Refused("no such thread")
        return f"cut {thread}"

    def take(self, frame: bytes) -> str:
        if not frame or frame[0] not in self.table:
            raise Refused("unknown")
        layout, do = self.table[frame[0]]
        if len(frame) != 1 + layout.size:
            raise Refused("length")
        return do(*layout.unpack(frame[1:]))


async def loom(websocket: WebSocket) -> None:
    await websocket.accept()
    machine = Loom()
    try:
        async for frame in websocket.iter_bytes():
            try:
                await websocket.send_text(machine.take(frame))
            except Refused as refused:
                await websocket.send_text(f"error: {refused}")
    except WebSocketDisconnect:
        pass


APPS = {handler.__name__: application(handler) for handler in (lamps, vaults, loom)}
