"""Waiting for a flag in a loop that lets nobody set it."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


class Report:
    finished = False


def make_report() -> str:
    report = Report()
    while True:
        if report.finished:
            return "report"


async def reports(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(make_report() if text == "report" else text)


starlette_app = Starlette(routes=[WebSocketRoute("/reports", reports)])
fastapi_app = FastAPI()


@fastapi_app.websocket("/reports")
async def fastapi_reports(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            if await websocket.receive_text() == "report":
                await websocket.send_text(make_report())
    except WebSocketDisconnect:
        pass


@websocket_listener("/reports")
async def litestar_reports(data: str) -> str:
    if data == "report":
        return make_report()
    return data


litestar_app = Litestar([litestar_reports])
