# Bug: cancel twice with the booking's reference. Litestar class-based handler with pydantic.
import uuid
from typing import Literal

from litestar import Controller, Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from pydantic import BaseModel, ValidationError


class Command(BaseModel):
    action: Literal["book", "cancel", "list"]
    passenger: str | None = None
    reference: str | None = None


class Flights(Controller):
    path = "/ws"

    @websocket()
    async def handle(self, socket: WebSocket) -> None:
        await socket.accept()
        bookings: dict[str, str] = {}
        cancelled: list[str] = []
        try:
            while True:
                try:
                    command = Command.model_validate_json(await socket.receive_text())
                except ValidationError:
                    await socket.send_json({"ok": False})
                    continue
                if command.action == "book":
                    if not command.passenger:
                        await socket.send_json({"ok": False})
                        continue
                    reference = uuid.uuid4().hex[:6].upper()
                    bookings[reference] = command.passenger
                    await socket.send_json({"ok": True, "reference": reference})
                elif command.action == "cancel":
                    if command.reference in bookings:
                        cancelled.append(command.reference)
                        bookings[command.reference] = ""
                        await socket.send_json({"ok": True})
                    else:
                        await socket.send_json({"ok": False})
                else:
                    initials = [name[0] for name in bookings.values()]  # the bug
                    await socket.send_json({"initials": initials})
        except WebSocketDisconnect:
            pass


app = Litestar([Flights])
