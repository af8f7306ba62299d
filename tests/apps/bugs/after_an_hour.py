"""After an hour the session is billed, and the bill was never opened."""

import asyncio
from typing import Any

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

HOUR = 60 * 60


async def bill(session: dict[str, Any]) -> None:
    await asyncio.sleep(HOUR)
    session["minutes"] += 60


async def until_first(*work: Any) -> None:
    """Runs coroutines until the first has ended, and raises what it raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def call(websocket: StarletteWebSocket) -> None:
    async def echo() -> None:
        async for text in websocket.iter_text():
            await websocket.send_text(text)

    await websocket.accept()
    await until_first(echo(), bill({}))


starlette_app = Starlette(routes=[WebSocketRoute("/call", call)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/call")
async def fastapi_call(websocket: WebSocket) -> None:
    await websocket.accept()
    session: dict[str, Any] = {}

    async def echo() -> None:
        async for text in websocket.iter_text():
            await websocket.send_text(text)
        billing.cancel()

    async with asyncio.TaskGroup() as group:
        billing = group.create_task(bill(session))
        group.create_task(echo())


@litestar_websocket("/call")
async def litestar_call(socket: LitestarWebSocket) -> None:
    async def echo() -> None:
        async for text in socket.iter_data():
            await socket.send_text(text)

    await socket.accept()
    await until_first(echo(), bill({}))


litestar_app = Litestar([litestar_call])


async def raw_app(scope, receive, send):
    async def echo() -> None:
        while (event := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": event.get("text") or ""})

    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    await until_first(echo(), bill({}))
