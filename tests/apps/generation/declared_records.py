"""Bugs behind messages that become one of several declared types."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application


class Rent(BaseModel):
    kind: Literal["rent"]
    dock: str = Field(min_length=2, max_length=6)
    minutes: int = Field(gt=0, le=240)


class Extend(BaseModel):
    kind: Literal["extend"]
    rental: str
    minutes: int = Field(gt=0, le=240)


class GiveBack(BaseModel):
    kind: Literal["give_back"]
    rental: str


class Rental(BaseModel):
    key: str
    dock: str
    minutes: int


REQUESTS: TypeAdapter[Rent | Extend | GiveBack] = TypeAdapter(
    Annotated[Rent | Extend | GiveBack, Field(discriminator="kind")]
)


async def bike_rental(websocket: WebSocket) -> None:
    await websocket.accept()
    numbers = itertools.count(310, 17)
    rentals: dict[str, Rental] = {}
    returned: set[str] = set()
    try:
        while True:
            try:
                request = REQUESTS.validate_json(await websocket.receive_text())
            except ValidationError:
                await websocket.send_json({"error": "invalid request"})
                continue
            match request:
                case Rent():
                    key = f"r{next(numbers)}"
                    rentals[key] = Rental(key=key, **request.model_dump(exclude={"kind"}))
                    await websocket.send_json({"rental": key})
                case Extend():
                    if request.rental in returned:
                        raise Bug("extended a rental that is over")
                    known = request.rental in rentals
                    await websocket.send_json({"extended": known})
                case _:
                    if rentals.pop(request.rental, None) is not None:
                        returned.add(request.rental)
                    await websocket.send_json({"open": len(rentals)})
    except WebSocketDisconnect:
        pass


@dataclasses.dataclass
class Tick:
    item: str
    amount: int


@dataclasses.dataclass
class Rename:
    item: str
    title: str


@dataclasses.dataclass
class Sweep:
    pass


RECORDS: dict[str, type[Any]] = {"tick": Tick, "rename": Rename, "sweep": Sweep}
WANTED = {"item": str, "amount": int, "title": str}


def _record(text: str) -> Tick | Rename | Sweep | None:
    try:
        raw = json.loads(text)
    except ValueError:
        return None
    record = RECORDS.get(str(raw.get("record"))) if isinstance(raw, dict) else None
    if record is None:
        return None
    given = {}
    for each in record.__dataclass_fields__:
        if not isinstance(raw.get(each), WANTED[each]):
            return None
        given[each] = raw[each]
    made: Tick | Rename | Sweep = record(**given)
    return made


async def shopping_list(websocket: WebSocket) -> None:
    await websocket.accept()
    wanted: dict[str, int] = {}
    try:
        async for text in websocket.iter_text():
            match _record(text):
                case Tick(item, amount=amount) if 0 < amount <= 12:
                    wanted[item] = wanted.get(item, 0) + amount
                case Rename(item=old, title=new) if old in wanted:
                    if new in wanted:
                        raise Bug("two of one name")
                    wanted[new] = wanted.pop(old)
                case Sweep():
                    wanted.clear()
                case _:
                    await websocket.send_json({"error": "no such record"})
    except WebSocketDisconnect:
        pass


APPS = {handler.__name__: application(handler) for handler in (bike_rental, shopping_list)}
