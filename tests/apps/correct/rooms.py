"""Rooms: a snapshot of the members is told, and who has gone in between is passed over."""

import asyncio
import json
from collections import defaultdict
from contextlib import suppress
from weakref import WeakSet

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketDisconnect as LitestarDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketDisconnect as StarletteDisconnect

present: WeakSet[StarletteWebSocket] = WeakSet()


async def hall(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    present.add(websocket)
    try:
        async for text in websocket.iter_text():
            for other in tuple(present):
                with suppress(StarletteDisconnect, RuntimeError):
                    await other.send_text(text)
    finally:
        present.discard(websocket)


starlette_app = Starlette(routes=[WebSocketRoute("/hall", hall)])


class Rooms:
    def __init__(self) -> None:
        self.members: defaultdict[str, set[WebSocket]] = defaultdict(set)

    async def tell(self, room: str, text: str) -> None:
        members = tuple(self.members[room])
        results = await asyncio.gather(
            *(member.send_text(text) for member in members), return_exceptions=True
        )
        for member, result in zip(members, results, strict=True):
            if isinstance(result, Exception):
                self.leave(room, member)

    def leave(self, room: str, member: WebSocket) -> None:
        self.members[room].discard(member)
        if not self.members[room]:
            self.members.pop(room)


rooms = Rooms()
fastapi_app = FastAPI()


@fastapi_app.websocket("/rooms/{room}")
async def room_endpoint(websocket: WebSocket, room: str) -> None:
    await websocket.accept()
    rooms.members[room].add(websocket)
    try:
        while True:
            await rooms.tell(room, await websocket.receive_text())
    except WebSocketDisconnect:
        pass
    finally:
        rooms.leave(room, websocket)


topics: dict[str, set[LitestarWebSocket]] = {}


@litestar_websocket("/topics/{topic:str}")
async def topic_handler(socket: LitestarWebSocket, topic: str) -> None:
    await socket.accept()
    topics.setdefault(topic, set()).add(socket)
    try:
        async for text in socket.iter_data():
            for subscriber in list(topics.get(topic, ())):
                with suppress(LitestarDisconnect, OSError, RuntimeError):
                    await subscriber.send_json({"topic": topic, "text": text})
    finally:
        subscribers = topics.get(topic, set())
        subscribers.discard(socket)
        if not subscribers:
            topics.pop(topic, None)


litestar_app = Litestar([topic_handler])
outboxes = {}


async def raw_app(scope, receive, send):
    """Each client has a queue and a task that empties it: no sender waits for another client."""

    async def deliver(outbox):
        while True:
            await send({"type": "websocket.send", "text": await outbox.get()})

    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    outbox = asyncio.Queue()
    key = object()
    outboxes[key] = outbox
    delivery = asyncio.create_task(deliver(outbox))
    try:
        while (event := await receive())["type"] == "websocket.receive":
            for other in outboxes.values():
                other.put_nowait(json.dumps({"text": event.get("text")}))
    finally:
        del outboxes[key]
        delivery.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await delivery
