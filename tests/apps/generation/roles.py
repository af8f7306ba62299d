"""What a client may say depends on who it is: a parameter of the path, or a member of each
message, chooses between the functions that read the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocket as Socket

from apps.generation import Bug
from apps.generation.starlette_json import application

Side = Literal["stage", "desk"]


class Refused(Exception):
    """The client is told so."""


class Theatre:
    """The stage calls for cues, and the desk runs those that were called for."""

    def __init__(self) -> None:
        self.cues: dict[int, str] = {}
        self.standing: int | None = None

    def stage(self, said: dict[str, Any]) -> dict[str, Any]:
        match said.get("say"):
            case "cue":
                name = said.get("name")
                if not isinstance(name, str) or not name:
                    raise Refused("which cue?")
                number = len(self.cues) + 1
                self.cues[number] = name
                return {"cue": number}
            case "scrap":
                if not self.cues:
                    raise Refused("there are no cues")
                self.cues.popitem()
                return {"left": len(self.cues)}
        raise Refused("the stage says cue or scrap")

    def desk(self, said: dict[str, Any]) -> dict[str, Any]:
        match said.get("say"):
            case "stand by":
                if not self.cues:
                    raise Refused("there are no cues")
                self.standing = max(self.cues)
                return {"standing": self.standing}
            case "go":
                if self.standing is None:
                    raise Refused("stand by first")
                if self.standing not in self.cues:
                    raise Bug("the cue that was stood by for was scrapped")
                return {"went": self.cues[self.standing]}
        raise Refused("the desk says stand by or go")


def by_path() -> FastAPI:
    app = FastAPI()
    theatre = Theatre()

    @app.websocket("/{side}")
    async def prompt(websocket: WebSocket, side: Side) -> None:
        await websocket.accept()
        answer = theatre.stage if side == "stage" else theatre.desk
        await _answered(websocket, answer)

    return app


async def _answered(websocket: Socket, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    try:
        while True:
            try:
                said = json.loads(await websocket.receive_text())
                if not isinstance(said, dict):
                    raise Refused("an object")
                await websocket.send_json(answer(said))
            except ValueError:
                await websocket.send_json({"refused": "JSON"})
            except Refused as refused:
                await websocket.send_json({"refused": str(refused)})
    except (WebSocketDisconnect, RuntimeError):
        return


async def by_member(websocket: Socket) -> None:
    """One connection is both, as each message says."""
    await websocket.accept()
    theatre = Theatre()

    def answer(said: dict[str, Any]) -> dict[str, Any]:
        if said.get("from") not in ("stage", "desk"):
            raise Refused("from stage or desk")
        if said["from"] == "desk":  # noqa: SIM108
            side = theatre.desk
        else:
            side = theatre.stage
        return side(said)

    await _answered(websocket, answer)


class Shelf:
    """Files by their paths; a search has a star for any folder."""

    def __init__(self) -> None:
        self.searches: list[list[str]] = []

    def found_by(self, wanted: list[str], path: list[str]) -> bool:
        for depth, folder in enumerate(wanted):
            if depth == len(path):
                raise Bug("a search that is deeper than the path")
            if folder not in ("*", path[depth]):
                return False
        return True


async def shelf(websocket: Socket) -> None:
    await websocket.accept()
    known = Shelf()
    try:
        while True:
            try:
                said = json.loads(await websocket.receive_text())
            except ValueError:
                continue
            if not isinstance(said, dict):
                continue
            if said.get("do") == "watch":
                wanted = said.get("search")
                if not isinstance(wanted, str) or any(
                    len(folder) > 1 and set(folder) & {"*"} for folder in wanted.split("/")
                ):
                    await websocket.send_json({"error": "no search"})
                    continue
                known.searches.append(wanted.split("/"))
                await websocket.send_json({"watching": wanted})
            elif said.get("do") == "add":
                path = said.get("path")
                if not isinstance(path, str) or not path or "*" in path:
                    await websocket.send_json({"error": "no path"})
                    continue
                found = [s for s in known.searches if known.found_by(s, path.split("/"))]
                await websocket.send_json({"found": len(found)})
    except (WebSocketDisconnect, RuntimeError):
        return


APPS = {
    "by_path": by_path(),
    "by_member": application(by_member),
    "shelf": application(shelf),
}
