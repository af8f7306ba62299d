"""A calculator that was never asked to divide by nought."""

import json
from typing import Any

from fastapi import APIRouter, FastAPI, WebSocket
from litestar import Litestar, websocket_listener

OPERATIONS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
}


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and abs(value) < 1e6


def calculate(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return {"error": "not JSON"}
    if not isinstance(data, dict) or not is_number(data.get("a")) or not is_number(data.get("b")):
        return {"error": "two numbers are needed: a and b"}
    operation = OPERATIONS.get(str(data.get("op")))
    if operation is None:
        return {"error": "unknown operation"}
    return {"result": operation(data["a"], data["b"])}


router = APIRouter()


@router.websocket("/calculator")
async def calculator(websocket: WebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_json(calculate(text))


fastapi_app = FastAPI()
fastapi_app.include_router(router, prefix="/tools")


@websocket_listener("/share")
async def share(data: str) -> str:
    parts = data.split("/")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return "write it like 3/4"
    return f"{int(parts[0]) * 100 // int(parts[1])} %"


litestar_app = Litestar([share])
