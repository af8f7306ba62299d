"""Protocols whose handlers are written in a roundabout way: generators, registries, records."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator


def thermostat() -> Generator[dict[str, Any], Any]:
    """One room's heating: what is sent in is answered with what is yielded."""
    limit, answer = 20, {"ready": True}
    while True:
        message = yield answer
        match message:
            case {"limit": int(wanted)} if 5 <= wanted <= 30:
                limit = wanted
                answer = {"limit": limit}
            case {"measured": {"degrees": int(degrees), "room": str()}}:
                if degrees < 0 and limit > 25:
                    raise Bug("heats for ever")
                answer = {"heating": degrees < limit}
            case _:
                answer = {"error": "limit or measured"}


async def heating(websocket: WebSocket) -> None:
    await websocket.accept()
    talk = thermostat()
    await websocket.send_json(next(talk))
    try:
        while True:
            try:
                message = await websocket.receive_json()
            except (ValueError, KeyError):
                await websocket.send_json({"error": "JSON"})
                continue
            await websocket.send_json(talk.send(message))
    except WebSocketDisconnect:
        talk.close()


class Counter:
    """What is behind one window of a post office."""

    open_to: tuple[str, ...] = ()

    def __init__(self, parcels: dict[int, str]) -> None:
        self.parcels = parcels

    def serve(self, action: Any, about: dict[str, Any]) -> dict[str, Any]:
        if action not in self.open_to:
            return {"error": "not here"}
        answer: dict[str, Any] = getattr(self, action)(about)
        return answer


class Sending(Counter):
    open_to = ("post",)

    def post(self, about: dict[str, Any]) -> dict[str, Any]:
        if about.get("size") not in ("S", "M", "L"):
            return {"error": "size"}
        number = 300 + 7 * len(self.parcels)
        self.parcels[number] = about["size"]
        return {"parcel": number}


class Fetching(Counter):
    open_to = ("fetch", "look")

    def fetch(self, about: dict[str, Any]) -> dict[str, Any]:
        parcel = about.get("parcel")
        if type(parcel) is not int or parcel not in self.parcels:
            return {"error": "no such parcel"}
        if self.parcels.pop(parcel) == "L":
            raise Bug("does not fit through the window")
        return {"fetched": parcel}

    def look(self, about: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        return {"parcels": len(self.parcels)}


async def windows(websocket: WebSocket) -> None:
    """The windows are the classes that inherit from one, by name."""
    await websocket.accept()
    parcels: dict[int, str] = {}
    counters = {cls.__name__.lower(): cls(parcels) for cls in Counter.__subclasses__()}
    try:
        async for text in websocket.iter_text():
            try:
                message = json.loads(text)
                counter, about = counters[message["window"]], message.get("about")
            except (ValueError, KeyError, TypeError):
                await websocket.send_json({"error": "which window?"})
                continue
            if isinstance(about, dict):
                await websocket.send_json(counter.serve(message.get("action"), about))
            else:
                await websocket.send_json({"error": "about what?"})
    except WebSocketDisconnect:
        pass


async def wrapped(websocket: WebSocket) -> None:
    """Each message is an object with one member, whose name says what it is about."""
    await websocket.accept()
    planted: list[str] = []
    try:
        async for text in websocket.iter_text():
            try:
                ((about, body),) = json.loads(text).items()
            except (ValueError, AttributeError):
                await websocket.send_text("one thing at a time")
                continue
            if not isinstance(body, dict):
                await websocket.send_text("what of it?")
            elif about == "plant":
                herbs = body.get("herbs")
                if isinstance(herbs, list) and all(isinstance(h, str) and h for h in herbs):
                    planted += herbs
                    await websocket.send_text("planted")
            elif about == "pick":
                if body.get("herb") in planted and planted.index(body["herb"]) == 1:
                    raise Bug("picks the wrong one")
                await websocket.send_text("picked")
    except WebSocketDisconnect:
        pass


ORDERS: dict[str, tuple[tuple[Callable[[str], Any], ...], Callable[..., str]]] = {}


def order(*kinds: Callable[[str], Any]) -> Callable[[Callable[..., str]], Callable[..., str]]:
    def registered(function: Callable[..., str]) -> Callable[..., str]:
        ORDERS[function.__name__] = (kinds, function)
        return function

    return registered


def metres(word: str) -> int:
    if not word.isdecimal() or len(word) > 2:
        raise ValueError("metres")
    return int(word)


@order(str, metres)
def anchor(depths: dict[str, int], boat: str, depth: int) -> str:
    depths[boat] = depth
    return f"{boat} at {depth}"


@order(metres)
def tide(depths: dict[str, int], rise: int) -> str:
    if rise > 0 and any(depth == 0 for depth in depths.values()):
        raise Bug("an anchor that holds nothing")
    return "noted"


async def harbour(websocket: WebSocket) -> None:
    """A table has, beside each function, what its words are converted with."""
    await websocket.accept()
    depths: dict[str, int] = {}
    table = {name: (k, functools.partial(f, depths)) for name, (k, f) in ORDERS.items()}
    try:
        async for text in websocket.iter_text():
            name, *words = text.split() or [""]
            if name not in table:
                await websocket.send_text("anchor or tide")
                continue
            kinds, function = table[name]
            if len(kinds) != len(words):
                await websocket.send_text("too few or too many words")
                continue
            try:
                given = [kind(word) for kind, word in zip(kinds, words, strict=True)]
            except ValueError as error:
                await websocket.send_text(f"no {error}")
                continue
            await websocket.send_text(function(*given))
    except WebSocketDisconnect:
        pass


def chunks(frame: bytes) -> Iterator[tuple[int, bytes]]:
    rest = memoryview(frame)
    while rest:
        if len(rest) < 2 or len(rest) < 2 + rest[1]:
            raise EOFError
        yield rest[0], bytes(rest[2 : 2 + rest[1]])
        rest = rest[2 + rest[1] :]


async def drawers(websocket: WebSocket) -> None:
    """Records of a kind, a length and so many bytes, one after the other."""
    await websocket.accept()
    labels: list[bytes] = []
    try:
        async for frame in websocket.iter_bytes():
            try:
                for kind, value in chunks(frame):
                    if kind == 10 and value.isalpha():
                        labels.append(value)
                    elif kind == 11 and len(value) == 1 and value[0] < 9:
                        if labels and value[0] == len(labels):
                            raise Bug("one drawer too far")
                        await websocket.send_bytes(b"\x01")
            except EOFError:
                await websocket.send_bytes(b"\x00")
    except WebSocketDisconnect:
        pass


APPS = {
    "heating": application(heating),
    "windows": application(windows),
    "wrapped": application(wrapped),
    "harbour": application(harbour),
    "drawers": application(drawers),
}
