"""Whoever edits holds the lock until "done", and those who vanish hold it for ever."""

import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket

fastapi_app = FastAPI()
editing = asyncio.Lock()


@fastapi_app.websocket("/document")
async def document(websocket: WebSocket) -> None:
    await websocket.accept()
    mine = False
    try:
        while True:
            command = await websocket.receive_text()
            if command == "edit" and not mine:
                mine = await editing.acquire()
            elif command == "done" and mine:
                editing.release()
                mine = False
            await websocket.send_json({"editing": mine})
    except WebSocketDisconnect:
        pass


writing = asyncio.Lock()


@litestar_websocket("/document")
async def litestar_document(socket: LitestarWebSocket) -> None:
    await socket.accept()
    async for command in socket.iter_data():
        if command == "write":
            await writing.acquire()
            await socket.send_text("write now")
            await socket.receive_text()
            writing.release()


litestar_app = Litestar([litestar_document])
