"""Applications that keep their objects on the connection, or by connection, and find them there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from litestar import Litestar, WebSocket, websocket_listener
from litestar.handlers import WebsocketListener
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute

from apps.generation import Bug

Socket = WebSocket[Any, Any, Any]


class Tank:
    """Water in a tank, in litres."""

    CAPACITY = 40

    def __init__(self) -> None:
        self.litres = 10

    def fill(self, order: dict[str, Any]) -> int:
        amount = order.get("amount")
        if type(amount) is not int or not 0 < amount <= self.CAPACITY:
            return self.litres
        self.litres = min(self.CAPACITY, self.litres + amount)
        return self.litres

    def drain(self, order: dict[str, Any]) -> int:
        if order.get("through") == "overflow" and self.litres >= self.CAPACITY:
            raise Bug("drains what the overflow holds back")
        self.litres = 0
        return self.litres


class TankListener(WebsocketListener):
    path = "/ws"

    async def on_accept(self, socket: Socket) -> None:
        socket.state.tank = Tank()

    async def on_receive(self, data: str, socket: Socket) -> str:
        try:
            order = json.loads(data)
        except (ValueError, RecursionError):
            return "?"
        tank = socket.state.tank
        if not isinstance(order, dict):
            return "?"
        if order.get("order") == "fill":
            return str(tank.fill(order))
        if order.get("order") == "drain":
            return str(tank.drain(order))
        return "?"


class Radio:
    BANDS = ("fm", "am", "dab")

    def __init__(self) -> None:
        self._band = "fm"

    @property
    def band(self) -> str:
        return self._band

    @band.setter
    def band(self, wanted: Any) -> None:
        if wanted not in self.BANDS:
            raise ValueError(wanted)
        self._band = wanted

    def seek(self) -> str:
        if self._band == "dab":
            raise Bug("has no frequencies")
        return "found"


radios: dict[Any, Radio] = {}


async def switched_on(socket: Socket) -> None:
    await socket.accept()
    radios[socket] = Radio()


@websocket_listener("/ws", connection_accept_handler=switched_on)
async def radio(data: str, socket: Socket) -> str:
    mine = radios[socket]
    if data == "seek":
        return mine.seek()
    try:
        mine.band = json.loads(data)["band"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return "?"
    return mine.band


SETTING = re.compile(r"([A-Z])(\d{1,3})")


class Plotter:
    def __init__(self) -> None:
        self.down = False

    def draw(self, line: str) -> str:
        command, *rest = line.split() or [""]
        at = {}
        for word in rest:
            if (found := SETTING.fullmatch(word)) is None:
                return "?"
            at[found[1]] = int(found[2])
        if command == "PEN":
            self.down = True
        elif command == "MOVE" and "S" in at and self.down:
            raise Bug("changes the speed while drawing")
        return "ok"


class PlotterEndpoint(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket: Any) -> None:
        websocket.scope["plotter"] = Plotter()
        await websocket.accept()

    async def on_receive(self, websocket: Any, data: Any) -> None:
        await websocket.send_text(websocket.scope["plotter"].draw(data))


def lowered(line: str) -> Iterator[str]:
    for word in line.split():
        yield word.strip("!?").lower()


async def greenhouse(websocket: Any) -> None:
    await websocket.accept()
    planted: set[str] = set()
    async for line in websocket.iter_text():
        verb, *names = [*lowered(line)] or [""]
        if verb == "sow" and len(names) == 1 and names[0] in ("kale", "leek"):
            planted.add(names[0])
        elif verb == "reap" and len(names) == 2 and names[0] in planted and names[1] == "now":
            raise Bug("reaps what was just sown")


def wants(*names: str) -> Callable[[Any], Any]:
    def decorate(method: Any) -> Any:
        def checked(self: Any, data: dict[str, Any]) -> str:
            if any(name not in data for name in names):
                return "?"
            answer: str = method(self, *(data[name] for name in names))
            return answer

        return checked

    return decorate


class Table:
    def __init__(self) -> None:
        self.seats: list[str] = []
        self.turn = 0

    @wants("guests", "hour")
    def reserve(self, guests: Any, hour: Any) -> str:
        if type(hour) is not int or not 17 <= hour < 23:
            return "closed"
        if not isinstance(guests, list) or not all(isinstance(g, str) for g in guests):
            return "who?"
        if len(set(guests)) != len(guests) or len(guests) < 2:
            return "who?"
        self.seats = guests
        return "reserved"

    @wants()
    def split(self) -> str:
        if self.seats:
            raise Bug("nobody has paid")
        return "?"


async def restaurant(websocket: Any) -> None:
    await websocket.accept()
    websocket.table = Table()
    async for text in websocket.iter_text():
        try:
            data = json.loads(text)
            method = getattr(websocket.table, data["do"])
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue
        if data["do"] in ("reserve", "split"):
            method(data)


APPS = {
    "state_of_listener": Litestar([TankListener]),
    "accept_handler": Litestar([radio]),
    "scope_of_endpoint": Starlette(routes=[WebSocketRoute("/ws", PlotterEndpoint)]),
    "generator_of_words": Starlette(routes=[WebSocketRoute("/ws", greenhouse)]),
    "spread_arguments": Starlette(routes=[WebSocketRoute("/ws", restaurant)]),
}
