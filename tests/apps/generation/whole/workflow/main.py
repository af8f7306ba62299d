# Bug: submit -> archive without approve; same documentId
import msgspec
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from .engine import Engine
from .types import Event


async def flow(ws):
    await ws.accept()
    engine = Engine()
    try:
        while True:
            try:
                event = msgspec.json.decode(await ws.receive_text(), type=Event)
            except (msgspec.DecodeError, UnicodeEncodeError):
                await ws.send_text("invalid")
                continue
            await ws.send_text(engine.handle(event))
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", flow)])
