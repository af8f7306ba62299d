"""The handler catches its own failure, and says "internal error" with the close code."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def average(line: str) -> float:
    words = line.split()
    return sum(len(word) for word in words) / len(words)


async def words(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for line in websocket.iter_text():
        try:
            await websocket.send_json({"average": average(line)})
        except ZeroDivisionError:
            await websocket.close(1011, "internal error")
            return


starlette_app = Starlette(routes=[WebSocketRoute("/words", words)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/words")
async def fastapi_words(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_json({"average": average(await websocket.receive_text())})
    except WebSocketDisconnect:
        pass
    except Exception:
        await websocket.close(code=1011)


@litestar_websocket("/words")
async def litestar_words(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for line in socket.iter_data():
        try:
            await socket.send_json({"average": average(line)})
        except ArithmeticError:
            await socket.close(1011)
            return


litestar_app = Litestar([litestar_words])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            await send({"type": "websocket.send", "text": str(average(event.get("text") or ""))})
        except ZeroDivisionError:
            await send({"type": "websocket.close", "code": 1011})
            return
