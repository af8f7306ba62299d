"""A small protocol with an order, where every message out of order is answered."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


@dataclass
class Session:
    name: str | None = None
    drawn: list[str] = field(default_factory=list)

    def handle(self, text: str) -> dict[str, Any]:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return {"error": "not JSON"}
        match message:
            case {"type": "join", "name": str(name)} if name.strip():
                self.name = name.strip()
                return {"joined": len(self.name)}
            case {"type": _} if self.name is None:
                return {"error": "join first"}
            case {"type": "draw", "shape": "line" | "circle" as shape}:
                self.drawn.append(shape)
                return {"shapes": len(self.drawn)}
            case {"type": "undo"}:
                return {"undone": self.drawn.pop() if self.drawn else None}
            case {"type": "leave"}:
                self.name = None
                return {"left": True}
            case _:
                return {"error": "unknown message"}


async def starlette_session(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    session = Session()
    async for text in websocket.iter_text():
        await websocket.send_json(session.handle(text))


starlette_app = Starlette(
    routes=[Mount("/draw", routes=[WebSocketRoute("/{board:uuid}", starlette_session)])]
)
fastapi_app = FastAPI()
lock = asyncio.Lock()


@fastapi_app.websocket("/draw/{board}")
async def fastapi_session(
    websocket: WebSocket, board: int, session: Annotated[Session, Depends(lambda: Session())]
) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        async with lock:
            await asyncio.sleep(0.01)
            await websocket.send_json({"board": board, **session.handle(text)})


@litestar_websocket("/draw/{board:int}")
async def litestar_session(socket: LitestarWebSocket, board: int, limit: int = 100) -> None:
    await socket.accept()
    session = Session()
    async for text in socket.iter_data():
        answer = session.handle(text)
        if len(session.drawn) > max(limit, 1):
            session.drawn.clear()
        await socket.send_json({"board": board, **answer})


litestar_app = Litestar([litestar_session])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    session = Session()
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        reply = session.handle(event.get("text") or "")
        await send({"type": "websocket.send", "text": json.dumps(reply)})
