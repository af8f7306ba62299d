"""FastAPI with routers: a public router, and one behind a bearer token."""

from __future__ import annotations

import os
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, WebSocket, WebSocketException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

TOKEN = os.environ.get("DESK_TOKEN", "for development only")
bearer = HTTPBearer(auto_error=False)


class Order(BaseModel):
    action: Literal["buy", "sell"]
    item: str = Field(min_length=1, max_length=20)
    pieces: int = Field(ge=1, le=1_000)


class Cancel(BaseModel):
    action: Literal["cancel"]
    number: int = Field(ge=1)


Request = TypeAdapter(Annotated[Order | Cancel, Field(discriminator="action")])


def known(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> None:
    if credentials is None or credentials.credentials != TOKEN:
        raise HTTPException(401, "a bearer token is wanted")


def known_client(websocket: WebSocket, token: str = "") -> None:
    scheme, _, shown = websocket.headers.get("authorization", "").partition(" ")
    if TOKEN not in (token, shown if scheme == "Bearer" else ""):
        raise WebSocketException(4001, "a bearer token is wanted")


public = APIRouter(prefix="/public")
desk = APIRouter(prefix="/desk")


@public.get("/prices/{item}")
async def price(item: str, pieces: Annotated[int, Field(ge=1, le=1_000)] = 1) -> dict[str, int]:
    return {"price": len(item) * pieces}


@desk.get("/orders", dependencies=[Depends(known)])
async def orders(page: Annotated[int, Field(ge=1)] = 1) -> list[int]:
    return [page]


@desk.websocket("/live", dependencies=[Depends(known_client)])
async def live(websocket: WebSocket) -> None:
    await websocket.accept()
    orders: dict[int, Order] = {}
    while (frame := await websocket.receive())["type"] == "websocket.receive":
        try:
            request = Request.validate_json(frame.get("text") or b"")
        except ValidationError as error:
            await websocket.send_json({"refused": error.error_count()})
            continue
        match request:
            case Order():
                orders[len(orders) + 1] = request
                await websocket.send_json({"number": len(orders)})
            case Cancel(number=number):
                known = orders.pop(number, None) is not None
                await websocket.send_json({"cancelled": known})


app = FastAPI()
app.include_router(public)
app.include_router(desk, prefix="/v1")
