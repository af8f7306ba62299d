"""Every mistake of the client is answered, and the connection goes on."""

import json
from json import JSONDecodeError
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI, WebSocket, WebSocketDisconnect
from litestar import Litestar, websocket_listener
from litestar.handlers import WebsocketListener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def answer(text: str) -> dict[str, Any]:
    try:
        request = json.loads(text)
        method, params = request["method"], request.get("params", [])
        if method == "sum":
            return {"result": sum(params)}
        if method == "join":
            return {"result": "".join(params)}
    except JSONDecodeError as error:
        return {"error": f"parse error at {error.pos}"}
    except (ValueError, RecursionError):
        return {"error": "too many digits, or nested too deeply"}
    except (KeyError, TypeError, AttributeError) as error:
        return {"error": type(error).__name__}
    return {"error": "unknown method"}


class Rpc(WebSocketEndpoint):
    encoding = "text"

    async def on_receive(self, websocket: StarletteWebSocket, data: str) -> None:
        await websocket.send_text(json.dumps(answer(data)))


starlette_app = Starlette(routes=[WebSocketRoute("/rpc", Rpc)])
router = APIRouter(prefix="/api", tags=["rpc"])


@router.websocket("/rpc")
async def rpc(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(json.dumps(answer(await websocket.receive_text())))
    except WebSocketDisconnect:
        pass


fastapi_app = FastAPI()
fastapi_app.include_router(router, prefix="/v3")


class LitestarRpc(WebsocketListener):
    path = "/rpc"

    async def on_receive(self, data: str) -> str:
        return json.dumps(answer(data))


class Item(msgspec.Struct):
    name: str
    amount: int = 1


@websocket_listener("/items")
async def items(data: str) -> dict[str, Any]:
    try:
        item = msgspec.json.decode(data, type=Item)
    except (msgspec.DecodeError, RecursionError) as error:
        return {"error": str(error)}
    return {"stored": item.name, "amount": item.amount}


litestar_app = Litestar([LitestarRpc, items])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        text = event.get("text") or (event.get("bytes") or b"").decode("utf-8", "replace")
        await send({"type": "websocket.send", "text": json.dumps(answer(text))})
