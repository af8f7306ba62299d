"""Commands and other texts."""

from __future__ import annotations

import re
import shlex

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application


async def slash_commands(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        async for text in websocket.iter_text():
            if text.startswith("/kick "):
                if text[6:].strip() == "owner":
                    raise Bug("the owner was kicked")
                await websocket.send_text("kicked")
            elif text == "/who":
                await websocket.send_text("nobody")
    except WebSocketDisconnect:
        pass


async def key_value(websocket: WebSocket) -> None:
    await websocket.accept()
    store: dict[str, int] = {}
    try:
        while True:
            words = (await websocket.receive_text()).split()
            if len(words) != 3 or words[0] not in ("SET", "INCR"):
                await websocket.send_text("ERR")
                continue
            try:
                number = int(words[2])
            except ValueError:
                await websocket.send_text("ERR not a number")
                continue
            if words[0] == "INCR" and number < 0:
                raise Bug("decremented")
            store[words[1]] = number
    except WebSocketDisconnect:
        pass


async def part_numbers(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if re.fullmatch(r"[A-Z]{2}-\d{4}(/[a-z]+)?", await websocket.receive_text()):
                raise Bug("in stock")
            await websocket.send_text("no such part")
    except WebSocketDisconnect:
        pass


SEEK = re.compile(r"seek (?P<minutes>\d+):(\d\d)")


async def seek(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            found = SEEK.match(await websocket.receive_text())
            if found is None:
                continue
            if int(found.group(2)) > 59:
                raise Bug("the second after the minute")
            await websocket.send_text(found.group("minutes")[:3])
    except WebSocketDisconnect:
        pass


async def pairs(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            values = dict(pair.split("=", 1) for pair in text.split(";") if "=" in pair)
            if values.get("mode") == "raw" and "size" in values:
                raise Bug("raw mode has no size")
    except WebSocketDisconnect:
        pass


async def header(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            name, colon, value = (await websocket.receive_text()).partition(":")
            if colon and name.lower() == "content-length" and value.strip() == "":
                raise Bug("no length")
            await websocket.send_text("ok")
    except WebSocketDisconnect:
        pass


async def verbs(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            match (await websocket.receive_text()).split():
                case ["go", "north" | "south"]:
                    await websocket.send_text("you walk")
                case ["take", thing, "from", place] if thing == place:
                    raise Bug("out of itself")
                case ["take", _, "from", _]:
                    await websocket.send_text("taken")
                case ["drop"]:
                    await websocket.send_text("drop what?")
    except WebSocketDisconnect:
        pass


async def quoted(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            try:
                shlex.split(text)
            except ValueError:
                raise Bug("no closing quotation") from None
    except WebSocketDisconnect:
        pass


async def quiet(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if not await websocket.receive_text():
                raise Bug("nothing was said")
    except WebSocketDisconnect:
        pass


async def long_lines(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if len(await websocket.receive_text()) > 40_000:
                raise Bug("more than a screen")
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: application(handler)
    for handler in (
        slash_commands,
        key_value,
        part_numbers,
        seek,
        pairs,
        header,
        verbs,
        quoted,
        quiet,
        long_lines,
    )
}
