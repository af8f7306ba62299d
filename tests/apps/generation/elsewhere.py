"""What other modules call."""

from __future__ import annotations

import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug


async def next_message(socket: WebSocket) -> dict[str, Any]:
    text = await socket.receive_text()
    try:
        data = json.loads(text)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


async def answer(socket: WebSocket, message: dict[str, Any]) -> None:
    if message.get("verb") == "publish":
        await _publish(socket, message.get("topic"))
    elif message.get("verb") == "list":
        await socket.send_text("[]")


async def _publish(socket: WebSocket, topic: Any) -> None:
    if isinstance(topic, str) and topic.startswith("sys."):
        raise Bug("reserved topics are open to all")
    await socket.send_text("published")


class Session:
    """One client."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.handlers = {"join": self.join, "kick": self.kick}

    async def run(self) -> None:
        await self.socket.accept()
        try:
            while True:
                message = await next_message(self.socket)
                handler = self.handlers.get(str(message.get("do")))
                if handler is not None:
                    await handler(message)
        except WebSocketDisconnect:
            pass

    async def join(self, message: dict[str, Any]) -> None:
        await self.socket.send_json({"joined": bool(message.get("room"))})

    async def kick(self, message: dict[str, Any]) -> None:
        if message.get("who") == "me":
            raise Bug("kicks itself")
