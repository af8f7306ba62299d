"""Hosts, mounts, dependencies that are torn down, life spans of connections, a router by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect, WebSocketException
from litestar import Litestar, Router
from litestar import WebSocket as LitestarWebSocket
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler, websocket_listener
from starlette.applications import Starlette
from starlette.routing import Host, Mount, WebSocketRoute
from starlette.routing import Router as StarletteRouter
from starlette.websockets import WebSocket as StarletteWebSocket

open_sessions: set[int] = set()


async def hosted(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(f"{websocket.url.path}: {len(text)}")


starlette_app = Starlette(
    routes=[
        Host("api.example.org", app=StarletteRouter([WebSocketRoute("/hosted", hosted)])),
        Mount("/v1", app=Starlette(routes=[WebSocketRoute("/hosted/{number:float}", hosted)])),
    ]
)


class Database:
    def __init__(self) -> None:
        self.rows: list[str] = []


async def database() -> AsyncIterator[Database]:
    """A session for each connection, given back when the connection has ended."""
    opened = Database()
    open_sessions.add(id(opened))
    try:
        yield opened
    finally:
        open_sessions.remove(id(opened))


async def small_page(page: int = 1) -> int:
    if page > 10_000:
        raise WebSocketException(code=1008, reason="there are no so many pages")
    return page


fastapi_app = FastAPI()
inner_app = FastAPI()
fastapi_app.mount("/inner", inner_app)


@inner_app.websocket("/rows/{table}")
async def rows(
    websocket: WebSocket,
    table: str,
    database: Annotated[Database, Depends(database)],
    page: Annotated[int, Depends(small_page)],
) -> None:
    await websocket.accept()
    try:
        while True:
            database.rows.append(await websocket.receive_text())
            await websocket.send_json(
                {"table": len(table), "page": page, "rows": len(database.rows)}
            )
    except WebSocketDisconnect:
        pass


@asynccontextmanager
async def counted(socket: LitestarWebSocket) -> AsyncIterator[None]:
    await socket.accept(headers={"x-session": "1"})
    open_sessions.add(id(socket))
    try:
        yield
    finally:
        open_sessions.discard(id(socket))


async def no_robots(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if "robot" in connection.headers.get("user-agent", ""):
        raise NotAuthorizedException("no robots")


@websocket_listener("/counted", connection_lifespan=counted, guards=[no_robots])
async def counted_listener(data: str) -> dict[str, int]:
    return {"open": len(open_sessions), "length": len(data)}


litestar_app = Litestar([Router("/nested", route_handlers=[counted_listener])])


async def raw_app(scope, receive, send):
    """A router by hand: unknown paths are refused as a web server would."""
    assert scope["type"] == "websocket"
    await receive()
    if not scope["path"].startswith("/ws"):
        await send({"type": "websocket.close", "code": 4404})
        return
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": scope["path"]})
