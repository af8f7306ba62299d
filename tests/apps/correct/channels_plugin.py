"""Litestar's channels: a subscription for each client, run in the background."""

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend


@litestar_websocket("/channel/{name:str}")
async def channel(socket: LitestarWebSocket, name: str, channels: ChannelsPlugin) -> None:
    await socket.accept()
    async with (
        channels.start_subscription([name]) as subscriber,
        subscriber.run_in_background(socket.send_text),
    ):
        async for text in socket.iter_data():
            channels.publish({"text": text}, channels=[name])


litestar_app = Litestar(
    [channel],
    plugins=[
        ChannelsPlugin(backend=MemoryChannelsBackend(history=5), arbitrary_channels_allowed=True)
    ],
)
