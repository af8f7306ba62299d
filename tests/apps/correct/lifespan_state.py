"""A broadcaster lives as long as the application, and outlives every connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketDisconnect as LitestarDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class News:
    def __init__(self) -> None:
        self.readers: set[asyncio.Queue[str]] = set()

    async def publish(self) -> None:
        number = 0
        while True:
            await asyncio.sleep(5)
            number += 1
            for reader in self.readers:
                with suppress(asyncio.QueueFull):
                    reader.put_nowait(f"headline {number}")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncio.Queue[str]]:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=10)
        self.readers.add(queue)
        try:
            yield queue
        finally:
            self.readers.discard(queue)


@asynccontextmanager
async def running() -> AsyncIterator[News]:
    news = News()
    publishing = asyncio.create_task(news.publish())
    try:
        yield news
    finally:
        publishing.cancel()
        with suppress(asyncio.CancelledError):
            await publishing


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
    async with running() as news:
        yield {"news": news, "app_name": type(app).__name__}


async def forward(queue: asyncio.Queue[str], websocket: StarletteWebSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await websocket.send_text(await queue.get())


async def read_news(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async with websocket.state.news.reading() as queue:
        forwarding = asyncio.create_task(forward(queue, websocket))
        try:
            async for _ in websocket.iter_text():
                await websocket.send_text(websocket.state.app_name)
        finally:
            forwarding.cancel()


starlette_app = Starlette(routes=[WebSocketRoute("/news", read_news)], lifespan=lifespan)
fastapi_app = FastAPI(lifespan=lifespan)


@fastapi_app.websocket("/news")
async def fastapi_news(websocket: WebSocket) -> None:
    """Waits for the client and for news at once, and loses neither."""
    await websocket.accept()
    async with websocket.state.news.reading() as queue:
        said = asyncio.create_task(websocket.receive_text())
        happened = asyncio.create_task(queue.get())
        try:
            while True:
                await asyncio.wait({said, happened}, return_when=asyncio.FIRST_COMPLETED)
                if happened.done():
                    await websocket.send_text(happened.result())
                    happened = asyncio.create_task(queue.get())
                if said.done():
                    await websocket.send_text(said.result())
                    said = asyncio.create_task(websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            said.cancel()
            happened.cancel()


@asynccontextmanager
async def litestar_lifespan(app: Litestar) -> AsyncIterator[None]:
    async with running() as news:
        app.state.news = news
        yield


@litestar_websocket("/news")
async def litestar_news(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async with socket.app.state.news.reading() as queue:

        async def forward() -> None:
            with suppress(LitestarDisconnect, OSError):
                while True:
                    await socket.send_text(await queue.get())

        forwarding = asyncio.create_task(forward())
        try:
            async for text in socket.iter_data():
                await socket.send_text(text)
        finally:
            forwarding.cancel()


litestar_app = Litestar([litestar_news], lifespan=[litestar_lifespan])
