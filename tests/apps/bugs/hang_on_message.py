"""Saving takes the document's lock, and calls what takes it too."""

import asyncio
from typing import Annotated

from fastapi import Depends, FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.di import Provide
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Document:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.lines: list[str] = []
        self.saved = 0

    async def write(self, line: str) -> None:
        async with self.lock:
            self.lines.append(line)

    async def flush(self) -> None:
        async with self.lock:
            self.saved = len(self.lines)

    async def save(self) -> None:
        async with self.lock:
            await self.flush()


async def edit(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    document = Document()
    async for text in websocket.iter_text():
        if text == "save":
            await document.save()
        else:
            await document.write(text)
        await websocket.send_json({"lines": len(document.lines)})


starlette_app = Starlette(routes=[WebSocketRoute("/edit", edit)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/edit")
async def edit_document(
    websocket: WebSocket, document: Annotated[Document, Depends(Document)]
) -> None:
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            if text == "save":
                await document.save()
            else:
                await document.write(text)
    except WebSocketDisconnect:
        pass


async def provide_document() -> Document:
    return Document()


@litestar_websocket("/edit", dependencies={"document": Provide(provide_document)})
async def litestar_edit(socket: LitestarWebSocket, document: Document) -> None:
    await socket.accept()
    async for text in socket.iter_data():
        await (document.save() if text == "save" else document.write(text))


litestar_app = Litestar([litestar_edit], signature_namespace={"Document": Document})


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    document = Document()
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "save":
            await document.save()
        await send({"type": "websocket.send", "text": str(document.saved)})
