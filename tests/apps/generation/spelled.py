"""What is written in texts: characters one by one, expressions, references to what was named."""

from __future__ import annotations

import ast
import re
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

WALL, FLOOR, EXIT = "W", "_", "X"
TILES = frozenset((WALL, FLOOR, EXIT))


async def mazes(websocket: WebSocket) -> None:
    """A plan is a text of tiles; a walk goes along it."""
    await websocket.accept()
    plan = "W_X"
    try:
        async for data in websocket.iter_json():
            match data:
                case {"do": "draw", "plan": str(drawn)} if drawn and not set(drawn) - TILES:
                    plan = drawn
                case {"do": "walk"} if plan.count(EXIT) > 1:
                    raise Bug("two ways out")
                case _:
                    await websocket.send_json({"error": "draw or walk"})
                    continue
            await websocket.send_json({"tiles": len(plan)})
    except WebSocketDisconnect:
        pass


async def brackets(websocket: WebSocket) -> None:
    """Counts the brackets of a text, with a scanner by hand."""
    await websocket.accept()
    try:
        async for text in websocket.iter_text():
            at = depth = 0
            while at < len(text):
                letter = text[at]
                if letter == "<":
                    depth += 1
                elif letter == ">":
                    depth -= 1
                    if depth < -1:
                        raise Bug("closed twice too often")
                elif letter not in "xyz":
                    break
                at += 1
            await websocket.send_text(str(depth))
    except WebSocketDisconnect:
        pass


async def rules(websocket: WebSocket) -> None:
    """Judges a rule by the tree of its expression."""
    await websocket.accept()
    try:
        async for data in websocket.iter_json():
            rule = data.get("rule") if isinstance(data, dict) else None
            if not isinstance(rule, str):
                await websocket.send_json({"error": "no rule"})
                continue
            try:
                tree = ast.parse(rule, mode="eval")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                await websocket.send_json({"error": "no expression"})
                continue
            if isinstance(tree.body, ast.Compare) and len(tree.body.ops) > 1:
                raise Bug("compared twice")
            await websocket.send_json({"rule": type(tree.body).__name__})
    except WebSocketDisconnect:
        pass


FIELD = re.compile(r"[a-f][0-9]{2}")


async def aliases(websocket: WebSocket) -> None:
    """A field may be another name of a second one."""
    await websocket.accept()
    known: dict[str, str] = {}
    try:
        async for data in websocket.iter_json():
            data = data if isinstance(data, dict) else {}
            field, same = data.get("field"), data.get("same")
            if not all(isinstance(name, str) and FIELD.fullmatch(name) for name in (field, same)):
                await websocket.send_json({"error": "which field?"})
            elif field == same:
                await websocket.send_json({"error": "the same"})
            elif known.get(same) == field:
                raise Bug("names of each other")
            else:
                known[field] = same
                await websocket.send_json({"ok": True})
    except WebSocketDisconnect:
        pass


def stamp_of(value: Any) -> tuple[int, str | int]:
    match value:
        case [int(count), (str() | int()) as who] if count >= 0:
            return count, who
    raise ValueError(value)


async def stamps(websocket: WebSocket) -> None:
    """Entries in the order of their stamps, each behind another one or at the beginning."""
    await websocket.accept()
    entries: dict[Any, list[Any]] = {None: []}
    try:
        async for data in websocket.iter_json():
            try:
                behind = data.get("behind")
                stamp = stamp_of(data.get("stamp"))
                place = entries[None if behind is None else stamp_of(behind)]
            except (AttributeError, KeyError, ValueError):
                await websocket.send_json({"error": "which entry?"})
                continue
            if any(one == stamp[0] and type(who) is not type(stamp[1]) for one, who in place):
                raise Bug("in no order")
            if stamp not in entries:
                entries[stamp] = []
                place.append(stamp)
            await websocket.send_json({"entries": len(entries)})
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: application(handler) for handler in (mazes, brackets, rules, aliases, stamps)
}
