"""Messages that come to the handler through a time limit, a task or a queue."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

PATIENCE = 300


def reply(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except ValueError:
        return {"error": "JSON, please"}
    match message:
        case {"ask": "tides", "harbour": str(harbour)}:
            return {"harbour": harbour, "tides": []}
        case {"ask": "ferries", "after": int(hour)} if hour > 22:
            raise Bug("no ferry by night")
        case _:
            return {"error": "tides or ferries"}


async def limited(websocket: WebSocket) -> None:
    await websocket.accept()
    with suppress(WebSocketDisconnect, TimeoutError):
        while True:
            text = await asyncio.wait_for(websocket.receive_text(), timeout=PATIENCE)
            await websocket.send_json(reply(text))


async def shielded(websocket: WebSocket) -> None:
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            frame = await asyncio.shield(websocket.receive())
            if frame["type"] == "websocket.disconnect":
                return
            await websocket.send_json(reply(frame.get("text") or ""))


async def first_of_two(websocket: WebSocket) -> None:
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            reading = asyncio.create_task(websocket.receive_text())
            closing = asyncio.create_task(asyncio.sleep(PATIENCE))
            done, pending = await asyncio.wait(
                {reading, closing}, return_when=asyncio.FIRST_COMPLETED
            )
            for task in pending:
                task.cancel()
            if reading not in done:
                return
            await websocket.send_json(reply(reading.result()))


async def through_a_queue(websocket: WebSocket) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    async def read() -> None:
        try:
            while True:
                await queue.put(await websocket.receive_text())
        except WebSocketDisconnect:
            await queue.put(None)

    reader = asyncio.create_task(read())
    try:
        while (text := await queue.get()) is not None:
            await websocket.send_json(reply(text))
    except WebSocketDisconnect:
        pass
    finally:
        reader.cancel()


async def through_a_stream(websocket: WebSocket) -> None:
    await websocket.accept()
    sending, receiving = anyio.create_memory_object_stream(10)

    async def read() -> None:
        async with sending:
            with suppress(WebSocketDisconnect):
                async for text in websocket.iter_text():
                    await sending.send(text)

    async with anyio.create_task_group() as group:
        group.start_soon(read)
        async with receiving:
            async for text in receiving:
                with suppress(WebSocketDisconnect):
                    await websocket.send_json(reply(text))


APPS = {
    handler.__name__: application(handler)
    for handler in (limited, shielded, first_of_two, through_a_queue, through_a_stream)
}
