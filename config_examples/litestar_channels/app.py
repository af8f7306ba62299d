"""Litestar with its channels plugin: what one client publishes, all subscribers hear."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from litestar import Litestar, WebSocket, websocket, websocket_listener
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.exceptions import WebSocketDisconnect

channels = ChannelsPlugin(backend=MemoryChannelsBackend(), arbitrary_channels_allowed=True)


@dataclass
class Reading:
    sensor: str
    unit: Literal["C", "F"]
    value: float


@websocket("/feed/{sensor:str}")
async def feed(socket: WebSocket, sensor: str, channels: ChannelsPlugin) -> None:
    """Sends what is published about a sensor, until the client leaves."""

    async def until_gone() -> None:
        while True:
            await socket.receive()

    await socket.accept()
    try:
        async with (
            channels.start_subscription([sensor]) as subscriber,
            subscriber.run_in_background(socket.send_text),
        ):
            await until_gone()
    except (OSError, WebSocketDisconnect):
        pass


@websocket_listener("/convert")
async def convert(data: dict[str, float]) -> dict[str, float]:
    """Degrees Celsius in, degrees Fahrenheit out."""
    await asyncio.sleep(0)
    return {name: degrees * 1.8 + 32 for name, degrees in data.items()}


app = Litestar([feed, convert], plugins=[channels])
