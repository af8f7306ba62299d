"""What is nested is walked by a function that calls itself."""

import re
from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket


def depth(text: str) -> int:
    """How deep the brackets of a text are nested, as a recursive descent."""

    def inside(position: int) -> tuple[int, int]:
        deepest = 0
        while position < len(text):
            if text[position] == "[":
                below, position = inside(position + 1)
                deepest = max(deepest, below + 1)
            elif text[position] == "]":
                return deepest, position + 1
            else:
                position += 1
        return deepest, position

    return inside(0)[0]


async def nested(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_json({"depth": depth(text)})


starlette_app = Starlette(routes=[WebSocketRoute("/nested", nested)])


def parsed(tokens: Iterator[str]) -> list[object]:
    """The lists that parentheses make of a text: `a (b) c` is `["a", ["b"], "c"]`."""
    found: list[object] = []
    for token in tokens:
        if token == ")":
            break
        found.append(parsed(tokens) if token == "(" else token)
    return found


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        tokens = re.findall(r"[()]|[^()\s]+", event.get("text") or "")
        answer = f"{len(parsed(iter(tokens)))} items"
        await send({"type": "websocket.send", "text": answer})
