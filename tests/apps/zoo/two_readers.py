"""Each round starts another receive and forgets the last (fastapi/fastapi#1163)."""

import asyncio

from fastapi import FastAPI, WebSocket

fastapi_app = FastAPI()


@fastapi_app.websocket("/worker")
async def worker(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        work = asyncio.ensure_future(asyncio.sleep(3, "done"))
        command = asyncio.ensure_future(websocket.receive_text())
        finished, _ = await asyncio.wait({work, command}, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            await websocket.send_text(task.result())
