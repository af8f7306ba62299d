"""A channel, named in the path, and what is published in it."""

import asyncio
from collections import defaultdict
from contextlib import suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

queues: defaultdict[str, set[asyncio.Queue[str]]] = defaultdict(set)


async def forward(queue: asyncio.Queue[str], websocket: StarletteWebSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            await websocket.send_text(await queue.get())


async def serve(websocket: StarletteWebSocket, channel: str) -> None:
    await websocket.accept()
    queue: asyncio.Queue[str] = asyncio.Queue()
    queues[channel].add(queue)
    forwarding = asyncio.create_task(forward(queue, websocket))
    try:
        async for text in websocket.iter_text():
            for subscriber in queues[channel]:
                subscriber.put_nowait(text)
    finally:
        queues[channel].discard(queue)
        forwarding.cancel()


async def subscribe(websocket: StarletteWebSocket) -> None:
    await serve(websocket, websocket.path_params["channel"])


starlette_app = Starlette(routes=[WebSocketRoute("/ws/channel/{channel}", subscribe)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/channel/{channel}")
async def fastapi_subscribe(websocket: WebSocket, channel: str) -> None:
    await serve(websocket, channel)


@litestar_websocket("/ws/channel/{channel:str}")
async def litestar_subscribe(
    socket: LitestarWebSocket, channel: str, channels: ChannelsPlugin
) -> None:
    await socket.accept()
    async with (
        channels.start_subscription([channel]) as subscriber,
        subscriber.run_in_background(socket.send_text),
    ):
        async for text in socket.iter_data():
            channels.publish(text, [channel])


litestar_app = Litestar(
    [litestar_subscribe],
    plugins=[ChannelsPlugin(backend=MemoryChannelsBackend(), arbitrary_channels_allowed=True)],
)
