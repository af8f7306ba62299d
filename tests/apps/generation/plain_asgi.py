"""Applications without a framework: raw events."""

from __future__ import annotations

import json
from typing import Any

from apps.generation import Bug


async def raw_text(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    while True:
        event = await receive()
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif event["type"] == "websocket.disconnect":
            return
        elif event.get("text") is not None and event["text"].startswith("LOAD "):
            name = event["text"].removeprefix("LOAD ")
            if name.endswith(".exe"):
                raise Bug("loaded")
            await send({"type": "websocket.send", "text": "loading"})


async def raw_both(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    while True:
        event = await receive()
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif event["type"] == "websocket.disconnect":
            return
        elif event.get("bytes"):
            await send({"type": "websocket.send", "bytes": event["bytes"][:1]})
        elif event.get("text"):
            try:
                data = json.loads(event["text"])
            except ValueError:
                continue
            if isinstance(data, dict) and data.get("jsonrpc") == "2.0" and "id" not in data:
                raise Bug("a notification was answered")


APPS = {"raw_text": raw_text, "raw_both": raw_both}
