"""An application's own code, with a digit too many."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

CLIENT_LEFT = 70000


async def talk(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "quit":
            await websocket.close(CLIENT_LEFT)
            return
        await websocket.send_text(text)


starlette_app = Starlette(routes=[WebSocketRoute("/talk", talk)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/talk")
async def fastapi_talk(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while (text := await websocket.receive_text()) != "quit":
            await websocket.send_text(text)
        await websocket.close(code=CLIENT_LEFT)
    except WebSocketDisconnect:
        pass


@litestar_websocket("/talk")
async def litestar_talk(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        if text == "quit":
            await socket.close(code=CLIENT_LEFT)
            return


litestar_app = Litestar([litestar_talk])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "quit":
            await send({"type": "websocket.close", "code": CLIENT_LEFT})
            return
