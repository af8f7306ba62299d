"""Messages that the source wraps up, and members of members that it looks into."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar.handlers import websocket_listener
from pydantic import BaseModel, Field, ValidationError

from apps.generation import Bug

gates = FastAPI()
parcels = FastAPI()


class Raise(BaseModel):
    to: Literal["raise"]
    gate: int = Field(ge=1, le=9)
    by: int = Field(ge=1, le=50)


class Drop(BaseModel):
    to: Literal["drop"]
    gate: int = Field(ge=1, le=9)


class Instruction(BaseModel):
    channel: str
    order: Annotated[Raise | Drop, Field(discriminator="to")]


@gates.websocket("/ws")
async def sluice(websocket: WebSocket) -> None:
    await websocket.accept()
    heights: dict[int, int] = {}
    try:
        while True:
            message = await websocket.receive_json()
            try:
                order = Instruction.model_validate({"channel": "main", "order": message}).order
            except ValidationError:
                await websocket.send_json({"error": "no order"})
                continue
            if isinstance(order, Raise):
                heights[order.gate] = heights.get(order.gate, 0) + order.by
            elif order.gate in heights:
                raise Bug("a gate is dropped on the boats")
            await websocket.send_json({"gate": order.gate, "height": heights.get(order.gate)})
    except (WebSocketDisconnect, ValueError):
        pass


class Service(StrEnum):
    plain = "plain"
    express = "express"
    cold = "cold"


class Parcel(BaseModel):
    weight: str = Field(pattern=r"^[0-9]{1,2}(\.[0-9])?$")
    service: Service = Service.plain


class Pickup(BaseModel):
    street: str = Field(min_length=2)
    parcels: list[Parcel] = Field(min_length=1, max_length=8)


@parcels.websocket("/ws")
async def pickup(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                wanted = Pickup.model_validate_json(await websocket.receive_text())
            except ValidationError:
                await websocket.send_json({"error": "no pickup"})
                continue
            services = set()
            for parcel in wanted.parcels:
                services.add(parcel.service)
                if parcel.service is Service.cold and float(parcel.weight) == 0:
                    raise Bug("nothing is kept cold")
            await websocket.send_json({"vans": len(services)})
    except WebSocketDisconnect:
        pass


STOPS = ("harbour", "market", "castle")


class Board(msgspec.Struct, tag_field="do", tag="board"):
    stop: str
    people: int


class Fullest(msgspec.Struct, tag_field="do", tag="fullest"):
    stop: str


class Clear(msgspec.Struct, tag_field="do", tag="clear"):
    stop: str


class Tram:
    def __init__(self) -> None:
        self.boarded: dict[str, list[int]] = {stop: [] for stop in STOPS}

    def at(self, stop: str) -> list[int]:
        if stop not in self.boarded:
            raise LookupError(stop)
        return self.boarded[stop]

    def fullest(self, stop: str) -> int:
        if not self.at(stop):
            raise Bug("nobody has boarded")
        return max(self.at(stop))


tram = Tram()


@websocket_listener("/ws")
async def rides(data: str) -> str:
    try:
        match msgspec.json.decode(data, type=Board | Fullest | Clear):
            case Board(stop, people):
                tram.at(stop).append(people)
            case Fullest(stop):
                return str(tram.fullest(stop))
            case Clear(stop):
                tram.at(stop).clear()
    except (msgspec.DecodeError, UnicodeError, LookupError) as error:
        return f"no: {error}"
    return "done"


APPS = {"sluice": gates, "pickup": parcels, "rides": Litestar([rides])}
