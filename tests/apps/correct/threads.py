"""Blocking work is done in threads, and the loop goes on."""

import asyncio
import hashlib
import time
from typing import Annotated

import anyio.to_thread
from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from litestar.di import Provide
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def digest(text: str) -> str:
    time.sleep(0.0005)
    return hashlib.sha256(text.encode()).hexdigest()


async def hashes(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(await run_in_threadpool(digest, text))


starlette_app = Starlette(routes=[WebSocketRoute("/hashes", hashes)])


class Settings:
    prefix = "sha256:"


def settings() -> Settings:
    return Settings()


fastapi_app = FastAPI()


@fastapi_app.websocket("/hashes")
async def fastapi_hashes(
    websocket: WebSocket, settings: Annotated[Settings, Depends(settings)]
) -> None:
    await websocket.accept()
    loop = asyncio.get_running_loop()
    try:
        while True:
            text = await websocket.receive_text()
            result = await loop.run_in_executor(None, digest, text)
            await websocket.send_text(settings.prefix + result)
    except WebSocketDisconnect:
        pass


@websocket_listener("/hashes", dependencies={"settings": Provide(settings, sync_to_thread=True)})
async def litestar_hashes(data: str, settings: Settings) -> str:
    return settings.prefix + await anyio.to_thread.run_sync(digest, data)


litestar_app = Litestar([litestar_hashes], signature_namespace={"Settings": Settings})


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        result = await asyncio.to_thread(digest, event.get("text") or "")
        await send({"type": "websocket.send", "text": result})
