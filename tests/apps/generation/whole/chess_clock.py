# Bug: "stop" before "press": state machine with methods in a class map. init -> begin -> stop
import json
from typing import ClassVar

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


class Clock:
    TRANSITIONS: ClassVar = {
        ("idle", "configure"): "configured",
        ("configured", "begin"): "running",
        ("running", "press"): "running",
        ("running", "halt"): "halted",
    }

    def __init__(self):
        self.state = "idle"
        self.moves = 0
        self.budget = None

    def apply(self, command, arg):
        target = self.TRANSITIONS.get((self.state, command))
        if target is None:
            return f"cannot {command} when {self.state}"
        if command == "configure":
            if not isinstance(arg, int) or arg <= 0:
                return "seconds?"
            self.budget = arg
        elif command == "press":
            self.moves += 1
        elif command == "halt":
            self.state = target
            return f"average {self.budget / self.moves}"  # the bug
        self.state = target
        return self.state


async def clock(ws):
    await ws.accept()
    it = Clock()
    try:
        while True:
            try:
                data = json.loads(await ws.receive_text())
                command = data["command"]
                if not isinstance(command, str):
                    raise TypeError
            except (ValueError, KeyError, TypeError):
                await ws.send_text("command?")
                continue
            try:
                await ws.send_text(it.apply(command, data.get("seconds")))
            except OverflowError:
                await ws.send_text("overflow")
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", clock)])
