"""Things with names that the application makes up, which hang on each other."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug


class Wall:
    """Pictures hang on a hook, or on each other."""

    def __init__(self) -> None:
        self.hooks: dict[str, str | None] = {"ceiling": None}

    def known(self, name: Any) -> str:
        if not isinstance(name, str) or name not in self.hooks:
            raise LookupError("no such hook")
        return name

    def hang(self, message: dict[str, Any]) -> str:
        under = self.known(message.get("under"))
        if self.hooks[under] not in (None, "ceiling"):
            raise Bug("too much for the hook")
        picture = secrets.token_hex(3)
        self.hooks[picture] = under
        return picture

    def swing(self, message: dict[str, Any]) -> str:
        return self.known(message.get("picture"))


async def wall(websocket: WebSocket) -> None:
    await websocket.accept()
    own = Wall()
    verbs = {"hang": own.hang, "swing": own.swing}
    try:
        while True:
            try:
                message = json.loads(await websocket.receive_text())
                if not isinstance(message, dict) or message.get("verb") not in list(verbs):
                    raise LookupError("no such verb")
                await websocket.send_json({"picture": verbs[message["verb"]](message)})
            except (ValueError, LookupError) as error:
                await websocket.send_json({"error": str(error)})
    except WebSocketDisconnect:
        pass


BLANK = re.compile(r"<<([a-z_]+)>>")


class Invitation(BaseModel):
    guests: list[str] = Field(max_length=20)
    wording: str = Field(min_length=1, max_length=400)


async def invitations(websocket: WebSocket) -> None:
    await websocket.accept()
    known = {"place": "the barn", "hour": "eight"}
    try:
        while True:
            try:
                invitation = Invitation.model_validate_json(await websocket.receive_text())
            except ValidationError:
                await websocket.send_json({"error": "no invitation"})
                continue
            for blank in BLANK.findall(invitation.wording):
                if blank not in known:
                    raise Bug("nobody knows what to write there")
            await websocket.send_json({"sent": len(invitation.guests)})
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: Starlette(routes=[WebSocketRoute("/ws", handler)])
    for handler in (wall, invitations)
}
