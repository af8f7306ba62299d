"""The reason repeats what the client said (Start9Labs/start-technologies#3605)."""

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketException
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


async def commands(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        if text != "status":
            await websocket.close(4400, reason=f"unknown command: {text}")
            return
        await websocket.send_text("running")


starlette_app = Starlette(routes=[WebSocketRoute("/commands", commands)])


@litestar_websocket("/commands")
async def litestar_commands(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        if text != "status":
            raise WebSocketException(code=4400, detail=f"unknown command: {text}")
        await socket.send_text("running")


litestar_app = Litestar([litestar_commands])
