"""Only who gives back the ticket that the server handed out gets to the bug."""

import itertools
import json

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

numbers = itertools.count(71423)


async def tickets(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    open_tickets: dict[int, str] = {}
    async for text in websocket.iter_text():
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            await websocket.send_json({"error": "an object, please"})
        elif message.get("type") == "open":
            ticket = next(numbers)
            open_tickets[ticket] = str(message.get("title"))
            await websocket.send_json({"ticket": ticket})
        elif message.get("type") == "close" and isinstance(message.get("ticket"), int):
            if message["ticket"] not in open_tickets:
                await websocket.send_json({"error": "no such ticket"})
                continue
            title = open_tickets.pop(message["ticket"])
            await websocket.send_json({"closed": title, "left": open_tickets[message["ticket"]]})


starlette_app = Starlette(routes=[WebSocketRoute("/tickets", tickets)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/uploads")
async def uploads(websocket: WebSocket) -> None:
    await websocket.accept()
    running: dict[str, int] = {}
    try:
        while True:
            verb, _, name = (await websocket.receive_text()).partition(" ")
            if verb == "start":
                name = f"upload-{next(numbers)}"
                running[name] = 0
                await websocket.send_json({"name": name})
            elif verb == "finish" and name in running:
                await websocket.send_json({"rate": 100 / running.pop(name)})
    except WebSocketDisconnect:
        pass
