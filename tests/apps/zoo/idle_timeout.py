"""A silent client is timed out by an exception that nobody catches."""

import asyncio

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket


@litestar_websocket("/idle")
async def idle(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        async with asyncio.timeout(60):
            text = await socket.receive_text()
        await socket.send_text(text)


litestar_app = Litestar([idle])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    loop = asyncio.get_running_loop()
    seen = loop.time()
    while (event := await receive())["type"] == "websocket.receive":
        silent, seen = loop.time() - seen, loop.time()
        if silent > 300:
            raise TimeoutError(f"silent for {silent:.0f} s")
        await send({"type": "websocket.send", "text": event.get("text") or "binary"})
