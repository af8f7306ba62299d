"""Players wait for each other, and notice when they themselves have left."""

import asyncio
import contextlib

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket
from starlette.websockets import WebSocketDisconnect

waiting: list[asyncio.Future[None]] = []


async def match(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await websocket.receive_text()
        if waiting:
            waiting.pop().set_result(None)
            await websocket.send_text("second")
        else:
            await websocket.send_text(await first(websocket))
        await websocket.close()


async def first(websocket: StarletteWebSocket) -> str:
    matched = asyncio.get_running_loop().create_future()
    waiting.append(matched)
    gone = asyncio.ensure_future(websocket.receive())
    try:
        await asyncio.wait({matched, gone}, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if matched in waiting:
            waiting.remove(matched)
    return "first" if matched.done() else "nobody came"


starlette_app = Starlette(routes=[WebSocketRoute("/match", match)])


async def raw_app(scope, receive, send):
    """Answers take two seconds; a client that leaves meanwhile is noticed."""
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    event = await receive()
    while event["type"] != "websocket.disconnect":
        following = asyncio.ensure_future(receive())
        work = asyncio.ensure_future(asyncio.sleep(2))
        await asyncio.wait({following, work}, return_when=asyncio.FIRST_COMPLETED)
        if following.done() and following.result()["type"] == "websocket.disconnect":
            work.cancel()
            return
        await work
        with contextlib.suppress(OSError):
            await send({"type": "websocket.send", "text": event.get("text") or ""})
        event = await following
