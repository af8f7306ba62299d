"""Everybody hears everybody: the usual list of clients, and its usual weakness.

A send to a client that has just gone raises in the handler of the client that spoke,
and ends its connection too.
"""

from fastapi import FastAPI, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

guests: list[StarletteWebSocket] = []


async def salon(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    guests.append(websocket)
    try:
        while True:
            said = await websocket.receive_text()
            for guest in list(guests):
                if guest is not websocket:
                    await guest.send_text(said)
    finally:
        guests.remove(websocket)


starlette_app = Starlette(routes=[WebSocketRoute("/ws/salon", salon)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/ws/salon")
async def fastapi_salon(websocket: WebSocket) -> None:
    await salon(websocket)


visitors: list[LitestarWebSocket] = []


@litestar_websocket("/ws/salon")
async def litestar_salon(socket: LitestarWebSocket) -> None:
    await socket.accept()
    visitors.append(socket)
    try:
        while True:
            said = await socket.receive_text()
            for visitor in list(visitors):
                if visitor is not socket:
                    await visitor.send_text(said)
    finally:
        visitors.remove(socket)


litestar_app = Litestar([litestar_salon])
