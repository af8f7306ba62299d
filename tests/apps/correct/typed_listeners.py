"""Litestar's listeners with declared messages: what does not fit is refused by the framework."""

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Litestar
from litestar.dto import DataclassDTO
from litestar.handlers import WebsocketListener, websocket_listener


@dataclass
class Move:
    x: int
    y: int
    label: str = ""


class Score(msgspec.Struct):
    player: str
    points: int


class MoveDTO(DataclassDTO[Move]):
    pass


class Moves(WebsocketListener):
    path = "/moves"
    dto = MoveDTO
    return_dto = MoveDTO

    async def on_receive(self, data: Move) -> Move:
        return Move(x=data.y, y=data.x, label=data.label.strip())


@websocket_listener("/settings")
async def settings(data: dict[str, Any]) -> dict[str, Any]:
    return {"keys": len(data) if isinstance(data, dict) else 0}


@websocket_listener("/scores")
async def scores(data: dict[str, Any]) -> Score:
    player = data.get("player") if isinstance(data, dict) else None
    return Score(player=str(player).encode("ascii", "replace").decode(), points=1)


@websocket_listener("/upload", receive_mode="binary", send_mode="binary")
async def upload(data: bytes) -> bytes:
    return data[:16]


litestar_app = Litestar([Moves, settings, scores, upload])
