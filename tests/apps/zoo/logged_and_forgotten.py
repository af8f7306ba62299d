"""Every error is caught and logged, and the connection lives on as if nothing were."""

import json
import logging

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

logger = logging.getLogger("shop.orders")


async def orders(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        try:
            order = json.loads(text)
            await websocket.send_json({"total": float(order["price"]) * int(order["quantity"])})
        except Exception:
            logger.exception("order failed")


starlette_app = Starlette(routes=[WebSocketRoute("/orders", orders)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/orders")
async def fastapi_orders(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            code = await websocket.receive_text()
            try:
                await websocket.send_json({"code": int(code, 16)})
            except ValueError as error:
                logger.error("bad code %r", code, exc_info=error)
    except WebSocketDisconnect:
        pass
