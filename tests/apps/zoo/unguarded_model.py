"""The message is validated, and what happens when it is invalid is nobody's concern."""

from typing import Literal

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Order(BaseModel):
    action: Literal["buy", "sell"]
    amount: int = Field(ge=1, le=100)


async def trade(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        order = Order.model_validate_json(text)
        await websocket.send_text(f"{order.action} {order.amount}")


starlette_app = Starlette(routes=[WebSocketRoute("/trade", trade)])
fastapi_app = FastAPI()
prices = {1: 100, 2: 195, 3: 280}


@fastapi_app.websocket("/trade")
async def fastapi_trade(websocket: WebSocket) -> None:
    """Invalid orders are answered; valid ones over the price list are not."""
    await websocket.accept()
    try:
        while True:
            try:
                order = Order.model_validate_json(await websocket.receive_text())
            except ValueError as error:
                await websocket.send_text(str(error)[:200])
                continue
            await websocket.send_json({"price": prices[order.amount]})
    except WebSocketDisconnect:
        pass


class Transfer(msgspec.Struct):
    account: str
    cents: int


@litestar_websocket("/transfer")
async def transfer(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        try:
            order = msgspec.json.decode(text, type=Transfer)
        except msgspec.ValidationError:
            await socket.send_json({"error": "invalid"})
        else:
            await socket.send_json({"account": order.account, "cents": order.cents})


litestar_app = Litestar([transfer])
