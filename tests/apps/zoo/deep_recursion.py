"""What is nested is walked by a function that calls itself."""

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


def parsed(text: str) -> list[object]:
    """The lists that parentheses make of a text: `(a (b) c)` is `["a", ["b"], "c"]`."""
    if text.count("(") != text.count(")"):
        raise ValueError("parentheses that do not match")
    found: list[object] = []
    while text:
        head, _, text = text.partition("(")
        found.extend(head.split())
        if text:
            end = _end(text)
            found.append(parsed(text[:end]))
            text = text[end + 1 :]
    return found


def _end(text: str) -> int:
    level = 1
    for position, character in enumerate(text):
        level += {"(": 1, ")": -1}.get(character, 0)
        if level == 0:
            return position
    raise ValueError("a parenthesis is not closed")


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            answer = f"{len(parsed(event.get('text') or ''))} items"
        except ValueError as error:
            answer = str(error)
        await send({"type": "websocket.send", "text": answer})
