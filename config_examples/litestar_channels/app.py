"""Litestar with its channels plugin: what one client reports, all subscribers hear."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Litestar, WebSocket, websocket, websocket_listener
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.dto import DataclassDTO
from litestar.exceptions import WebSocketDisconnect

channels = ChannelsPlugin(backend=MemoryChannelsBackend(), arbitrary_channels_allowed=True)


@dataclass
class Reading:
    sensor: str
    degrees: int


@websocket("/feed/{sensor:str}")
async def feed(socket: WebSocket) -> None:
    """Sends what is reported about a sensor, until the client leaves."""
    await socket.accept()
    try:
        async with (
            channels.start_subscription([socket.path_params["sensor"]]) as subscriber,
            subscriber.run_in_background(socket.send_text),
        ):
            while True:
                await socket.receive()
    except (OSError, WebSocketDisconnect):
        pass


@websocket_listener("/report", dto=DataclassDTO[Reading], return_dto=None)
async def report(data: Reading) -> dict[str, str]:
    """Publishes a reading."""
    channels.publish({"degrees": data.degrees}, [data.sensor])
    return {"published": data.sensor}


app = Litestar([feed, report], plugins=[channels])
