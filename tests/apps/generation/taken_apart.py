"""Protocols that their handlers take apart by hand."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application


async def forms(websocket: WebSocket) -> None:
    """A page sends its forms as it would with POST."""
    await websocket.accept()
    seats: dict[str, int] = {}
    try:
        async for text in websocket.iter_text():
            form = dict(parse_qsl(text))
            row, seat = form.get("row", ""), form.get("seat", "")
            if form.get("do") == "book" and row and re.fullmatch("[1-9]", seat):
                seats[row] = int(seat)
                await websocket.send_text(f"row={row}&seat={seat}")
            elif form.get("do") == "move" and row in seats:
                if seats[row] + len(form.get("by", "")) > 9:
                    raise Bug("moved out of the row")
                await websocket.send_text(f"row={row}&moved=yes")
            else:
                await websocket.send_text("error=form")
    except WebSocketDisconnect:
        pass


class Cursor:
    """Reads bytes from the left."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) < count:
            raise EOFError
        self.at += count
        return taken

    def number(self, width: int = 1) -> int:
        return int.from_bytes(self.take(width), "little")


async def records(websocket: WebSocket) -> None:
    """A kind, a length of two bytes, and what is so long."""
    await websocket.accept()
    key = b""
    try:
        async for data in websocket.iter_bytes():
            cursor = Cursor(data)
            try:
                kind = cursor.number()
                body = cursor.take(cursor.number(2))
            except EOFError:
                await websocket.send_bytes(b"\xff")
                continue
            if kind == 0x11 and len(body) == 5 and body.startswith(b"KEY"):
                key = body
            elif kind == 0x12 and key and not body:
                raise Bug("nothing to sign")
            await websocket.send_bytes(bytes([kind]))
    except WebSocketDisconnect:
        pass


WORDS: list[tuple[re.Pattern[str], Any]] = []


def word(pattern: str) -> Any:
    def registered(function: Any) -> Any:
        WORDS.append((re.compile(pattern), function))
        return function

    return registered


class Door:
    def __init__(self) -> None:
        self.by = ""


@word(r"\.badge (?P<name>[a-z]{1,8})")
def badge(door: Door, name: str) -> str:
    door.by = name
    return f"hello {name}"


@word(r"\.open (?P<place>\w+)(?: for (?P<whom>\w+))?")
def opened(door: Door, place: str, whom: str | None) -> str:
    if door.by != "janitor":
        return "only the janitor opens"
    if whom is None:
        raise Bug("opened for nobody")
    return f"{place} is open"


async def patterns(websocket: WebSocket) -> None:
    """Functions that are registered for regular expressions."""
    await websocket.accept()
    door = Door()
    try:
        async for text in websocket.iter_text():
            for pattern, function in WORDS:
                if found := pattern.fullmatch(text):
                    await websocket.send_text(function(door, **found.groupdict()))
                    break
            else:
                await websocket.send_text("unknown command")
    except WebSocketDisconnect:
        pass


TOKEN = re.compile(r"\s*(\d{1,4}|[<>+*()])")


def tokens(text: str) -> list[str]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        token = TOKEN.match(text, at)
        if token is None:
            raise ValueError(text)
        found.append(token[1])
        at = token.end()
    return found


async def filters(websocket: WebSocket) -> None:
    """Expressions, token by token."""
    await websocket.accept()
    try:
        async for text in websocket.iter_text():
            verb, _, rest = text.partition(" ")
            try:
                found = tokens(rest) if verb == "filter" else []
            except ValueError:
                found = []
            if re.fullmatch(r"\d+[<>]\d+[<>]\d+.*", "".join(found)):
                raise Bug("compared twice")
            await websocket.send_text(str(len(found)))
    except WebSocketDisconnect:
        pass


APPS = {handler.__name__: application(handler) for handler in (forms, records, patterns, filters)}
