# Bug: The owner leaves a room in which somebody else is: the room has no owner any more. create r
# / leave / kick r
from dataclasses import dataclass, field

from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

app = FastAPI()


@dataclass
class Room:
    name: str
    owner: str | None
    members: set = field(default_factory=set)


@dataclass
class Session:
    rooms: dict = field(default_factory=dict)
    current: str | None = None


COMMANDS = {}


def command(function):
    COMMANDS[function.__name__.removeprefix("on_")] = function
    return function


@command
def on_create(session, name=""):
    if not name.isidentifier():
        return "ERR bad name"
    if name in session.rooms:
        return "ERR exists"
    session.rooms[name] = Room(name, "me", {"me"})
    session.current = name
    return f"OK created {name}"


@command
def on_leave(session):
    if session.current is None:
        return "ERR not in a room"
    room = session.rooms[session.current]
    room.members.discard("me")
    room.owner = None
    session.current = None
    return "OK left"


@command
def on_join(session, name=""):
    if name not in session.rooms:
        return "ERR no room"
    session.current = name
    session.rooms[name].members.add("me")
    return "OK joined"


@command
def on_kick(session, name=""):
    room = session.rooms.get(name)
    if room is None:
        return "ERR no room"
    if room.owner.startswith("me"):  # the bug
        return "OK kicked nobody"
    return "ERR not the owner"


@app.websocket("/ws")
async def lobby(ws: WebSocket):
    await ws.accept()
    session = Session()
    try:
        while True:
            word, *arguments = (await ws.receive_text()).split() or [""]
            handler = COMMANDS.get(word)
            if handler is None:
                await ws.send_text("ERR unknown command")
                continue
            try:
                await ws.send_text(handler(session, *arguments))
            except TypeError:
                await ws.send_text("ERR arguments")
    except (WebSocketDisconnect, KeyError):
        pass
