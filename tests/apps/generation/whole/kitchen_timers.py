# Bug: Resuming a timer that was never paused. {"name": "start", "args": {"label": "egg",
# "seconds": 1}} / {"name": "resume", "args": {"label": "egg"}}
import json
from dataclasses import dataclass
from functools import singledispatch

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


@dataclass
class Start:
    label: str
    seconds: int


@dataclass
class Pause:
    label: str


@dataclass
class Resume:
    label: str


COMMANDS = {cls.__name__.lower(): cls for cls in (Start, Pause, Resume)}


@singledispatch
def execute(command, timers):
    raise TypeError("no command")


@execute.register
def _(command: Start, timers):
    if not isinstance(command.seconds, int) or not 1 <= command.seconds <= 3600:
        raise ValueError("seconds")
    timers[command.label] = {"left": command.seconds, "paused": None}
    return {"running": len(timers)}


@execute.register
def _(command: Pause, timers):
    timers[command.label]["paused"] = timers[command.label]["left"]
    return {"paused": command.label}


@execute.register
def _(command: Resume, timers):
    timer = timers[command.label]
    left = timer["paused"]
    if left is None:
        raise RuntimeError("was never paused")  # the bug
    timer["left"], timer["paused"] = left, None
    return {"resumed": command.label}


async def kitchen(ws):
    await ws.accept()
    timers = {}
    async for text in ws.iter_text():
        try:
            call = json.loads(text)
            command = COMMANDS[call["name"]](**call["args"])
            answer = execute(command, timers)
        except (ValueError, KeyError, TypeError) as error:
            answer = {"error": type(error).__name__}
        await ws.send_json(answer)


app = Starlette(routes=[WebSocketRoute("/ws", kitchen)])
