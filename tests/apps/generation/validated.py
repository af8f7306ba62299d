"""Messages of which the application's own validators ask something, and values that agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar.handlers import websocket_listener
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from apps.generation import Bug

fastapi = FastAPI()


class Upload(BaseModel):
    """What each verb needs, only its validator knows."""

    verb: Literal["announce", "part", "seal"]
    digest: str | None = None
    algorithm: str | None = None
    part: int | None = None

    @model_validator(mode="after")
    def is_complete(self) -> Upload:
        if self.verb == "announce":
            if self.algorithm not in ("sha256", "blake2b"):
                raise ValueError("which algorithm?")
        elif self.verb == "part" and self.part is None:
            raise ValueError("which part?")
        return self


@fastapi.websocket("/ws")
async def uploads(websocket: WebSocket) -> None:
    await websocket.accept()
    algorithm: str | None = None
    parts: list[int] = []
    try:
        while True:
            try:
                upload = Upload.model_validate_json(await websocket.receive_text())
            except ValidationError:
                await websocket.send_json({"error": "incomplete"})
                continue
            if upload.verb == "announce":
                algorithm, parts = upload.algorithm, []
            elif algorithm is None:
                await websocket.send_json({"error": "announce it first"})
                continue
            elif upload.part is not None:
                parts.append(upload.part)
            elif upload.verb == "seal" and not parts:
                raise Bug("nothing to seal")
            await websocket.send_json({"parts": parts})
    except WebSocketDisconnect:
        pass


class Book(BaseModel):
    do: Literal["book"]
    begin: dt.datetime
    end: dt.datetime


class Free(BaseModel):
    do: Literal["free"]


Wish = Annotated[Book | Free, Field(discriminator="do")]
wishes: TypeAdapter[Book | Free] = TypeAdapter(Wish)
studio = FastAPI()


@studio.websocket("/ws")
async def rehearsals(websocket: WebSocket) -> None:
    await websocket.accept()
    booked: list[tuple[dt.datetime, dt.datetime]] = []
    try:
        while True:
            try:
                wish = wishes.validate_json(await websocket.receive_text())
            except ValidationError:
                continue
            if isinstance(wish, Book):
                if (wish.begin.tzinfo is None) is not (wish.end.tzinfo is None):
                    continue
                if not wish.begin < wish.end <= wish.begin + dt.timedelta(hours=2):
                    await websocket.send_json({"error": "two hours at most"})
                    continue
                booked.append((wish.begin, wish.end))
                await websocket.send_json({"booked": len(booked)})
            elif booked:
                raise Bug("what is booked is not free")
    except (WebSocketDisconnect, OverflowError):
        pass


class Split(msgspec.Struct, tag_field="op", tag="split"):
    shares: dict[str, int]


class Reset(msgspec.Struct, tag_field="op", tag="reset"):
    pass


@websocket_listener("/ws")
def bills(data: str) -> dict[str, Any]:
    try:
        wanted = msgspec.json.decode(data, type=Split | Reset)
    except (msgspec.DecodeError, UnicodeError):
        return {"error": "neither"}
    if isinstance(wanted, Reset) or len(wanted.shares) < 2:
        return {"error": "two at least"}
    if any(not 0 <= share <= 100 for share in wanted.shares.values()):
        return {"error": "from 0 to 100"}
    if not sum(wanted.shares.values()):
        raise Bug("nobody pays")
    return {"of": sum(wanted.shares.values())}


@dataclass
class Lane:
    name: str
    cards: int = 0


class Lanes:
    def __init__(self) -> None:
        self.lanes = {"backlog": Lane("backlog"), "review": Lane("review")}

    def change(self, message: dict[str, Any]) -> None:
        match message:
            case {"do": "add", "lane": str(name)}:
                if name in self.lanes:
                    raise KeyError("there is one")
                self.lanes[name] = Lane(name)
            case {"do": "drop", "lane": str(name)}:
                if name not in self.lanes:
                    raise KeyError("there is none")
                if name == "backlog":
                    raise KeyError("stays")
                del self.lanes[name]
            case {"do": "count"}:
                if "review" not in self.lanes:
                    raise Bug("review is gone")
            case _:
                raise KeyError("what?")


boards = FastAPI()


@boards.websocket("/ws")
async def lanes(websocket: WebSocket) -> None:
    await websocket.accept()
    board = Lanes()
    try:
        while True:
            try:
                message = await websocket.receive_json()
                board.change(message)
            except (ValueError, KeyError) as error:
                await websocket.send_json({"error": str(error)})
    except WebSocketDisconnect:
        pass


APPS = {
    "uploads": fastapi,
    "rehearsals": studio,
    "bills": Litestar([bills]),
    "lanes": boards,
}
