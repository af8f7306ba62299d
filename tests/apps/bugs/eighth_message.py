"""A plan with a line for each day of the week, and an eighth entry."""

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar.handlers import WebsocketListener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import Router, WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Planner(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: StarletteWebSocket) -> None:
        self.plan: list[str] = []
        await websocket.accept()

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        day = DAYS[len(self.plan)]
        self.plan.append(data)
        await websocket.send_text(day)


starlette_app = Starlette(routes=Router([WebSocketRoute("/plan", Planner)]).routes)
fastapi_app = FastAPI()


@fastapi_app.websocket("/plan")
async def plan(websocket: WebSocket) -> None:
    await websocket.accept()
    remaining = list(DAYS)
    try:
        while True:
            entry = await websocket.receive_text()
            await websocket.send_json({"day": remaining.pop(0), "letters": len(entry)})
    except WebSocketDisconnect:
        pass


class PlanListener(WebsocketListener):
    path = "/plan"

    def on_accept(self, socket: LitestarWebSocket) -> None:
        socket.state["entries"] = 0

    def on_receive(self, data: str, socket: LitestarWebSocket) -> str:
        day = DAYS[socket.state["entries"]]
        socket.state["entries"] += 1
        return f"{day}: {len(data)}"


litestar_app = Litestar([PlanListener])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    entries = [""] * len(DAYS)
    count = 0
    while (event := await receive())["type"] == "websocket.receive":
        entries[count] = event.get("text") or ""
        await send({"type": "websocket.send", "text": DAYS[count]})
        count += 1
