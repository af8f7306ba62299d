# Bug: Confirming a hold that was released. {"type": "hold", "seats": ["A1"]} / {"type":
# "release", "hold": "{{hold}}"} / {"type": "confirm", "hold": "{{hold}}", "email": "a@b"}
import secrets
from typing import Literal

from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from pydantic import BaseModel, ValidationError

SEATS = [f"{row}{number}" for row in "ABC" for number in range(1, 5)]


class Hold(BaseModel):
    type: Literal["hold"]
    seats: list[str]


class Release(BaseModel):
    type: Literal["release"]
    hold: str


class Confirm(BaseModel):
    type: Literal["confirm"]
    hold: str
    email: str


KINDS = {"hold": Hold, "release": Release, "confirm": Confirm}


@websocket("/ws")
async def tickets(socket: WebSocket) -> None:
    await socket.accept()
    free, holds, everybody = set(SEATS), {}, set()
    while True:
        try:
            raw = await socket.receive_json()
            request = KINDS[raw["type"]](**raw)
        except WebSocketDisconnect:
            return
        except (ValidationError, ValueError, KeyError, TypeError):
            await socket.send_json({"type": "invalid"})
            continue
        if isinstance(request, Hold):
            wanted = set(request.seats)
            if not wanted or not wanted <= free:
                await socket.send_json({"type": "unavailable"})
                continue
            token = secrets.token_hex(4)
            holds[token] = wanted
            everybody.add(token)
            free -= wanted
            await socket.send_json({"type": "held", "hold": token})
        elif isinstance(request, Release):
            free |= holds.pop(request.hold, set())
            await socket.send_json({"type": "released"})
        else:
            if request.hold not in everybody:
                await socket.send_json({"type": "unknown"})
                continue
            seats = holds[request.hold]  # the bug
            await socket.send_json({"type": "sold", "seats": sorted(seats)})


app = Litestar([tickets])
