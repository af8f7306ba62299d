"""Closed on request, and closed again on the way out (zauberzeug/nicegui#1467)."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket

fastapi_app = FastAPI()


@fastapi_app.websocket("/session")
async def session(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if await websocket.receive_text() == "end":
                await websocket.close()
                break
            await websocket.send_text("go on")
        await websocket.close(code=1000)
    except WebSocketDisconnect:
        pass


@litestar_websocket("/session")
async def litestar_session(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        if text == "end":
            await socket.close()
            break
        await socket.send_text("go on")
    else:
        return
    await socket.close(code=1000)


litestar_app = Litestar([litestar_session])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "stop":
            await send({"type": "websocket.close"})
            await send({"type": "websocket.close"})
            return
