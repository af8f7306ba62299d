# Bug: v2 of the protocol has no compat for "legacy" messages: subprotocol "feed.v2", {"k":"legacy"}
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

SUPPORTED = ("feed.v1", "feed.v2")


async def feed(ws):
    offered = ws.scope["subprotocols"]
    chosen = next((p for p in offered if p in SUPPORTED), None)
    await ws.accept(subprotocol=chosen)
    legacy = {"feed.v1": "l1"}
    try:
        async for text in ws.iter_text():
            try:
                k = json.loads(text)["k"]
            except (ValueError, KeyError, TypeError):
                await ws.send_text("?")
                continue
            if k == "legacy" and chosen:
                await ws.send_text(legacy[chosen])  # the bug
            elif k == "modern":
                await ws.send_text("ok")
            else:
                await ws.send_text("no")
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", feed)])
