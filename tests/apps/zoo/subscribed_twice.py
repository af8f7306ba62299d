"""An assertion about what clients do, and clients that do it."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket

fastapi_app = FastAPI()


@fastapi_app.websocket("/topics")
async def topics(websocket: WebSocket) -> None:
    await websocket.accept()
    subscribed: list[str] = []
    try:
        while True:
            verb, _, topic = (await websocket.receive_text()).partition(" ")
            if verb == "subscribe":
                assert topic not in subscribed
                subscribed.append(topic)
            elif verb == "unsubscribe" and topic in subscribed:
                subscribed.remove(topic)
            await websocket.send_json(subscribed)
    except WebSocketDisconnect:
        pass


@litestar_websocket("/topics")
async def litestar_topics(socket: LitestarWebSocket) -> None:
    await socket.accept()
    subscribed: set[str] = set()
    async for text in socket.iter_data():
        if text.startswith("+"):
            subscribed.add(text[1:])
        elif text.startswith("-"):
            subscribed.remove(text[1:])
        await socket.send_json(sorted(subscribed))


litestar_app = Litestar([litestar_topics])
