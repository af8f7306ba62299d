"""A ticker is started for each connection, and never stopped (Kludex/starlette#759)."""

import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar.handlers import WebsocketListener

prices: dict[str, float] = {}
tickers: set[asyncio.Task[None]] = set()
fastapi_app = FastAPI()


async def update(symbol: str) -> None:
    while True:
        prices[symbol] = prices.get(symbol, 100.0) + 0.5
        await asyncio.sleep(1)


@fastapi_app.websocket("/prices")
async def ticker(websocket: WebSocket) -> None:
    await websocket.accept()
    task = asyncio.create_task(update("ACME"))
    tickers.add(task)
    try:
        while True:
            await websocket.receive_text()
            await websocket.send_json(prices)
    except WebSocketDisconnect:
        return


class Prices(WebsocketListener):
    path = "/prices"

    async def on_accept(self) -> None:
        tickers.add(asyncio.create_task(update("LITE")))

    async def on_receive(self, data: str) -> dict[str, float]:
        return {data: prices.get("LITE", 0.0)}


litestar_app = Litestar([Prices])


async def raw_app(scope, receive, send):
    async def tick():
        while True:
            await asyncio.sleep(5)
            try:
                await send({"type": "websocket.send", "text": "tick"})
            except OSError:
                continue

    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    tickers.add(asyncio.create_task(tick()))
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": "ok"})
