"""An application whose routes want to be tested in different ways."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

HOUSES = {1: "mill", 2: "barn", 3: "forge"}


async def house(request: Request) -> JSONResponse:
    number = request.path_params["number"]
    if request.headers.get("x-tenant") != "village":
        return JSONResponse({"error": "which tenant?"}, 403)
    return JSONResponse({"number": number, "house": HOUSES[number]})


async def upload(websocket: WebSocket) -> None:
    """Counts the bytes of what it is sent, and takes its time over them."""
    offered = websocket.scope["subprotocols"]
    await websocket.accept(offered[0] if offered else None)
    total = 0
    try:
        while True:
            total += len(await websocket.receive_bytes())
            await asyncio.sleep(20)
            await websocket.send_json({"total": total})
    except (KeyError, WebSocketDisconnect):
        return


async def legacy(websocket: WebSocket) -> None:
    """Never says whether it accepts."""
    await asyncio.Event().wait()


async def debug(websocket: WebSocket) -> None:
    """Runs what it is told to run: nobody wants that tested with made-up input."""
    await websocket.accept()
    exec(await websocket.receive_text())


app = Starlette(
    routes=[
        Route("/houses/{number:int}", house),
        Mount(
            "/ws",
            routes=[
                WebSocketRoute("/upload", upload),
                WebSocketRoute("/legacy", legacy),
                WebSocketRoute("/internal/debug", debug),
            ],
        ),
    ]
)
