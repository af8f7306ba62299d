"""Bugs behind what only the running application knows: which step is next, which id is whose."""

from __future__ import annotations

import uuid
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

STAGES = ("survey", "permit", "build", "inspect")


def do_survey(site: dict[str, Any], data: dict[str, Any]) -> bool:
    if data.get("ground") not in ("clay", "rock"):
        return False
    site["ground"] = data["ground"]
    return True


def do_permit(site: dict[str, Any], data: dict[str, Any]) -> bool:
    number = data.get("number")
    return isinstance(number, str) and number.isdigit() and len(number) == 7


def do_build(site: dict[str, Any], data: dict[str, Any]) -> bool:
    floors = data.get("floors")
    if not isinstance(floors, int) or not 1 <= floors <= 12:
        return False
    site["floors"] = floors
    return True


def do_inspect(site: dict[str, Any], data: dict[str, Any]) -> bool:
    if site["ground"] == "clay" and site["floors"] > 2:
        raise Bug("sank")
    return True


async def stages(websocket: WebSocket) -> None:
    await websocket.accept()
    site: dict[str, Any] = {}
    position = 0
    try:
        while position < len(STAGES):
            data = await websocket.receive_json()
            stage = STAGES[position]
            if not isinstance(data, dict) or data.get("stage") != stage:
                await websocket.send_json({"error": "another stage is due"})
                continue
            done = globals()[f"do_{stage}"](site, data)
            position += done
            await websocket.send_json({"done": done})
    except WebSocketDisconnect:
        pass


class Library:
    def __init__(self) -> None:
        self.shelves: dict[str, set[str]] = {"lobby": set()}
        self.places: dict[str, str] = {}

    def handle(self, data: dict[str, Any]) -> dict[str, Any]:
        match data:
            case {"do": "build_shelf"}:
                shelf = uuid.uuid4().hex[:6]
                self.shelves[shelf] = set()
                return {"done": "shelf built", "id": shelf}
            case {"do": "add_book", "shelf": str(shelf)} if shelf in self.shelves:
                book = uuid.uuid4().hex[:6]
                self.shelves[shelf].add(book)
                self.places[book] = shelf
                return {"done": "book added", "id": book}
            case {"do": "burn_shelf", "shelf": str(shelf)} if shelf in self.shelves:
                if shelf == "lobby":
                    return {"error": "the lobby stays"}
                del self.shelves[shelf]
                return {"done": "shelf burned", "id": shelf}
            case {"do": "lend", "book": str(book)} if book in self.places:
                if self.places[book] not in self.shelves:
                    raise Bug("lent ashes")
                return {"done": "lent"}
        return {"error": "impossible"}


async def library(websocket: WebSocket) -> None:
    await websocket.accept()
    books = Library()
    try:
        while True:
            data = await websocket.receive_json()
            await websocket.send_json(books.handle(data if isinstance(data, dict) else {}))
    except WebSocketDisconnect:
        pass


APPS = {handler.__name__: application(handler) for handler in (stages, library)}
