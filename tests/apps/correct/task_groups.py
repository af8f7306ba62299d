"""Reader and writer in one group; who ends first ends the other."""

import asyncio
from contextlib import suppress

import anyio
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def both_ways(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=16)

    async def read() -> None:
        async for text in websocket.iter_text():
            await queue.put(text)
        await queue.put(None)

    async def write() -> None:
        while (text := await queue.get()) is not None:
            await websocket.send_text(text.upper())

    async with asyncio.TaskGroup() as group:
        group.create_task(read())
        group.create_task(write())


starlette_app = Starlette(routes=[WebSocketRoute("/both", both_ways)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/both")
async def anyio_group(websocket: WebSocket) -> None:
    await websocket.accept()
    sender, receiver = anyio.create_memory_object_stream[str](32)

    async def write() -> None:
        async with receiver:
            async for text in receiver:
                with suppress(WebSocketDisconnect):
                    await websocket.send_text(text[::-1])

    async with anyio.create_task_group() as group:
        group.start_soon(write)
        async with sender:
            async for text in websocket.iter_text():
                await sender.send(text)
        group.cancel_scope.cancel()


@litestar_websocket("/both")
async def litestar_group(socket: LitestarWebSocket) -> None:
    await socket.accept()

    async def tick() -> None:
        while True:
            await anyio.sleep(7)
            await socket.send_text("tick")

    async with anyio.create_task_group() as group:
        group.start_soon(tick)
        async for text in socket.iter_data():
            await socket.send_text(text)
        group.cancel_scope.cancel()


litestar_app = Litestar([litestar_group])


async def raw_app(scope, receive, send):
    async def ticks():
        while True:
            await asyncio.sleep(4)
            await send({"type": "websocket.send", "text": "tick"})

    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    try:
        async with asyncio.TaskGroup() as group:
            ticking = group.create_task(ticks())
            while (await receive())["type"] == "websocket.receive":
                await send({"type": "websocket.send", "text": "ok"})
            ticking.cancel()
    except* OSError:
        pass
