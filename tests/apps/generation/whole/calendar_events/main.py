# Bug: an event with start == end: division by zero. add_event -> event_density(event)
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from .handlers import registry
from .store import Calendar


async def calendar(ws):
    await ws.accept()
    store = Calendar()
    try:
        async for text in ws.iter_text():
            try:
                message = json.loads(text)
                fn = registry[message["command"]]
                result = fn(store, message["args"])
            except (KeyError, ValueError, TypeError) as e:
                await ws.send_json({"error": type(e).__name__})
                continue
            await ws.send_json(result)
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", calendar)])
