"""A move is handed on to the opponent, who need not be there yet."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import SerializationException


class Table:
    def __init__(self) -> None:
        self.players: list[Any] = []

    def opponent(self, player: Any) -> Any:
        others = [other for other in self.players if other is not player]
        return others[0]


table = Table()
fastapi_app = FastAPI()


@fastapi_app.websocket("/game")
async def game(websocket: WebSocket, table: Annotated[Table, Depends(lambda: table)]) -> None:
    await websocket.accept()
    table.players.append(websocket)
    try:
        async for text in websocket.iter_text():
            if text.startswith("move "):
                await table.opponent(websocket).send_text(text)
            else:
                await websocket.send_text("unknown command")
    finally:
        table.players.remove(websocket)


second_table = Table()


@litestar_websocket("/game")
async def litestar_game(socket: LitestarWebSocket) -> None:
    await socket.accept()
    second_table.players.append(socket)
    try:
        while True:
            try:
                message = await socket.receive_json()
            except SerializationException:
                continue
            if isinstance(message, dict) and message.get("type") == "resign":
                await second_table.opponent(socket).send_json({"type": "won"})
    finally:
        second_table.players.remove(socket)


litestar_app = Litestar([litestar_game])
