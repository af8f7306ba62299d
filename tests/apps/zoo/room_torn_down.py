"""Who created the room takes it away, with the others still in it."""

from litestar import Controller, Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Room:
    def __init__(self, owner: object) -> None:
        self.owner = owner
        self.history: list[str] = []


rooms: dict[str, Room] = {}


async def room(websocket: StarletteWebSocket) -> None:
    name = websocket.path_params["name"]
    await websocket.accept()
    rooms.setdefault(name, Room(websocket))
    async for text in websocket.iter_text():
        history = rooms[name].history
        history.append(text)
        await websocket.send_json({"messages": len(history)})
    if name in rooms and rooms[name].owner is websocket:
        del rooms[name]


starlette_app = Starlette(routes=[WebSocketRoute("/room/{name}", room)])
halls: dict[int, Room] = {}


class Halls(Controller):
    path = "/hall"

    @litestar_websocket("/{number:int}")
    async def hall(self, socket: LitestarWebSocket, number: int) -> None:
        await socket.accept()
        halls.setdefault(number, Room(socket))
        try:
            async for text in socket.iter_data():
                halls[number].history.append(text)
                await socket.send_json({"messages": len(halls[number].history)})
        finally:
            halls.pop(number, None)


litestar_app = Litestar([Halls])
