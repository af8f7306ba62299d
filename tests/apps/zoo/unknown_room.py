"""The path and the query say where to; an unknown place is an error on the way in."""

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

ROOMS = {1: "kitchen", 2: "garden"}


async def room(websocket: StarletteWebSocket) -> None:
    name = ROOMS[websocket.path_params["number"]]
    await websocket.accept()
    await websocket.send_text(f"you are in the {name}")
    async for text in websocket.iter_text():
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/room/{number:int}", room)])


@litestar_websocket("/history")
async def history(socket: LitestarWebSocket) -> None:
    since = int(socket.query_params["since"])
    await socket.accept()
    await socket.send_json({"since": since})


litestar_app = Litestar([history])
