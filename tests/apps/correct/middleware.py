"""Middleware of every kind around the handler."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.config.cors import CORSConfig
from litestar.middleware import AbstractMiddleware
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.types import Message, Receive, Scope, Send
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class CountingMiddleware:
    """Counts what goes either way, and hands it on as it is."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        counts = {"in": 0, "out": 0}

        async def counted_receive() -> Any:
            event = await receive()
            counts["in"] += event["type"] == "websocket.receive"
            return event

        async def counted_send(event: Any) -> None:
            counts["out"] += event["type"] == "websocket.send"
            await send(event)

        scope["counts"] = counts
        await self.app(scope, counted_receive, counted_send)


async def wrapped(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for _ in websocket.iter_text():
        await websocket.send_json(websocket.scope["counts"])


starlette_app = Starlette(
    routes=[WebSocketRoute("/wrapped", wrapped)],
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "testserver"]),
        Middleware(GZipMiddleware),
        Middleware(CORSMiddleware, allow_origins=["*"]),
        Middleware(CountingMiddleware),
    ],
)
fastapi_app = FastAPI()


class Timing(BaseHTTPMiddleware):
    async def dispatch(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers["server-timing"] = "app"
        return response


fastapi_app.add_middleware(Timing)
fastapi_app.add_middleware(GZipMiddleware, minimum_size=100)


@fastapi_app.middleware("http")
async def version(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers["x-version"] = "1"
    return response


@fastapi_app.websocket("/wrapped")
async def fastapi_wrapped(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


class Stamp(AbstractMiddleware):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stamped(message: Message) -> None:
            if message["type"] == "websocket.accept":
                message["headers"] = [*message.get("headers", []), (b"x-stamp", b"1")]
            await send(message)

        await self.app(scope, receive, stamped)


@litestar_websocket("/wrapped")
async def litestar_wrapped(socket: LitestarWebSocket) -> None:
    await socket.accept()
    seen = socket.session.get("seen", 0)
    async for text in socket.iter_data():
        seen += 1
        await socket.send_json({"seen": seen, "letters": len(text)})
    socket.set_session({"seen": seen})


litestar_app = Litestar(
    [litestar_wrapped],
    middleware=[Stamp, ServerSideSessionConfig().middleware],
    cors_config=CORSConfig(allow_origins=["*"]),
)


async def _inner(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": str(scope["counts"]["in"])})


raw_app = CountingMiddleware(_inner)
