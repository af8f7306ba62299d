"""A bare ASGI application: nothing tells from outside which paths it serves."""

from __future__ import annotations

from typing import Any


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            await send({"type": f"{event['type']}.complete"})
            if event["type"] == "lifespan.shutdown":
                return
    if scope["type"] != "websocket":
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    await receive()
    if scope["path"] != "/count" and not scope["path"].startswith("/count/"):
        await send({"type": "websocket.close", "code": 4404})
        return
    await send({"type": "websocket.accept"})
    total = 0
    while (event := await receive())["type"] == "websocket.receive":
        total += len(event.get("text") or event.get("bytes") or b"")
        try:
            await send({"type": "websocket.send", "text": str(total)})
        except OSError:
            return
