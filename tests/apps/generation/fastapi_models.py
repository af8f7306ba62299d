"""Messages that pydantic validates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from apps.generation import Bug


def application(handler: Callable[..., Awaitable[None]]) -> FastAPI:
    app = FastAPI()
    app.websocket("/ws")(handler)
    return app


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: float


class Polygon(BaseModel):
    kind: Literal["polygon"]
    points: list[tuple[float, float]]


Shape = Annotated[Circle | Polygon, Field(discriminator="kind")]
SHAPES: TypeAdapter[Circle | Polygon] = TypeAdapter(Shape)


async def shapes(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                shape = SHAPES.validate_json(await websocket.receive_text())
            except ValidationError:
                await websocket.send_json({"error": "no shape"})
                continue
            if isinstance(shape, Polygon) and len(shape.points) < 3:
                raise Bug("a polygon of less than three")
    except WebSocketDisconnect:
        pass


class Order(BaseModel):
    symbol: str
    quantity: int = Field(ge=0)
    note: str | None = None


async def orders(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            try:
                order = Order.model_validate_json(text)
            except ValidationError:
                continue
            if order.quantity == 0:
                raise Bug("the price per piece")
    except WebSocketDisconnect:
        pass


async def notes(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            try:
                order = Order(**data)
            except (ValidationError, TypeError):
                continue
            if order.note is not None and order.note.startswith("!"):
                raise Bug("an urgent note")
    except WebSocketDisconnect:
        pass


class Item(BaseModel):
    id: int
    tags: list[str] = []


ITEMS = TypeAdapter(list[Item])


async def batches(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                items = ITEMS.validate_python(await websocket.receive_json())
            except ValidationError:
                continue
            ids = [item.id for item in items]
            if len(set(ids)) < len(ids):
                raise Bug("the same twice")
    except WebSocketDisconnect:
        pass


class Appointment(BaseModel):
    at: datetime
    title: str = Field(min_length=1, max_length=80)


async def appointments(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            try:
                appointment = Appointment.model_validate(await websocket.receive_json())
            except ValidationError:
                continue
            if appointment.at.tzinfo is None:
                raise Bug("at which time?")
    except WebSocketDisconnect:
        pass


class Ping(BaseModel):
    seq: int


class Rename(BaseModel):
    name: str = Field(pattern=r"^[a-z]{3,12}$")
    silent: bool = False


MODELS: dict[str, type[BaseModel]] = {"ping": Ping, "rename": Rename}


async def model_table(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_json()
            try:
                message = MODELS[data["type"]].model_validate(data["body"])
            except (ValidationError, KeyError, TypeError):
                continue
            if isinstance(message, Rename) and message.silent:
                raise Bug("renamed in silence")
    except WebSocketDisconnect:
        pass


class Connections:
    def __init__(self) -> None:
        self.active: list[WebSocket] = []

    async def connect(self, websocket: WebSocket) -> None:
        await websocket.accept()
        self.active.append(websocket)

    async def receive(self, websocket: WebSocket) -> dict[str, Any]:
        data = await websocket.receive_json()
        return data if isinstance(data, dict) else {}


connections = Connections()


def get_connections() -> Connections:
    return connections


async def managed(
    websocket: WebSocket, manager: Annotated[Connections, Depends(get_connections)]
) -> None:
    await manager.connect(websocket)
    try:
        while True:
            message = await manager.receive(websocket)
            if message.get("to") == "all" and not message.get("text"):
                raise Bug("an empty broadcast")
    except WebSocketDisconnect:
        manager.active.remove(websocket)


APPS = {
    handler.__name__: application(handler)
    for handler in (shapes, orders, notes, batches, appointments, model_table, managed)
}
