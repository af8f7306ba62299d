"""Ids go into a set, until a client sends a list for an id."""

import json

from litestar import Litestar, websocket_listener


@websocket_listener("/dedupe")
async def dedupe(data: str) -> dict[str, bool]:
    try:
        message = json.loads(data)
    except ValueError:
        return {"new": False}
    if not isinstance(message, dict) or "id" not in message:
        return {"new": False}
    seen: set[object] = set()
    seen.add(message["id"])
    return {"new": True}


litestar_app = Litestar([dedupe])


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    votes: dict[object, int] = {}
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        try:
            message = json.loads(event.get("text") or "")
        except ValueError:
            continue
        if isinstance(message, dict) and message.get("type") == "vote":
            choice = message.get("choice")
            votes[choice] = votes.get(choice, 0) + 1
            await send({"type": "websocket.send", "text": str(len(votes))})
