"""Work is started and not waited for: when it fails, only the loop hears of it."""

import asyncio
import json
from typing import Any

from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

results: list[Any] = []


async def resize(job: dict[str, Any]) -> None:
    await asyncio.sleep(0)
    results.append(int(job["width"]) * int(job["height"]))


async def images(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        try:
            job = json.loads(text)
        except ValueError:
            job = None
        if isinstance(job, dict):
            asyncio.create_task(resize(job))  # noqa: RUF006
        await websocket.send_json({"accepted": isinstance(job, dict)})


starlette_app = Starlette(routes=[WebSocketRoute("/images", images)])


async def store(line: str) -> None:
    key, value = line.split(":", 1)
    results.append((key, value))


@websocket_listener("/log")
async def log(data: str) -> str:
    asyncio.ensure_future(store(data))  # noqa: RUF006
    return "stored"


litestar_app = Litestar([log])
