"""What still holds connections that have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from pytest_routes.simulator.conversation import Handshake, Leave, Open, Recorded, Vanish
from pytest_routes.simulator.server import Server
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.remains import Remains

rooms: dict[str, list[Any]] = {}
others: list[Any] = []


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()
    rooms.clear()


def kept_by(server: Server, app: Any, times: int = 5) -> tuple[int, list[str]]:
    server.start(app)
    engine = Engine(server, Limits())
    with Remains() as remains:
        for _ in range(times):
            transcript = engine.run(Recorded((Open(0, Handshake("/")), Leave(0))))
            remains.watch(engine.connections, transcript)
        engine.run(Recorded((Open(0, Handshake("/")), Leave(0))))
        everything = remains.kept()[0]
        assert everything.way == ""
        return everything.ended, list(everything.holders)


async def accept(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    await receive()


class Socket:
    def __init__(self, send: Any) -> None:
        self.send = send
        self.itself = self


def test_connections_that_are_forgotten_leave_nothing(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        socket = Socket(send)
        await accept(scope, receive, socket.send)

    assert kept_by(server, app) == (5, [])


def test_what_holds_connections_is_named_by_its_module_level_name(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        rooms.setdefault("lobby", []).append(Socket(send))
        await accept(scope, receive, send)

    ended, kept = kept_by(server, app)
    assert ended == 5
    assert kept == [f"{__name__}.rooms"] * 5


def test_an_object_that_holds_connections_is_named_by_its_attribute(server: Server) -> None:
    class Manager:
        def __init__(self) -> None:
            self.sockets: list[Any] = []

    manager = Manager()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        manager.sockets.append(send)
        await accept(scope, receive, send)

    _, kept = kept_by(server, app)
    assert len(kept) == 5
    assert {name.rpartition("<locals>.")[2] for name in kept} == {"Manager.sockets"}


def test_each_connection_is_named_by_what_holds_it(server: Server) -> None:
    connections = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal connections
        if scope["type"] == "websocket":
            connections += 1
            (rooms.setdefault("lobby", []) if connections % 2 else others).append(Socket(send))
        await accept(scope, receive, send)

    ended, kept = kept_by(server, app, times=20)
    others.clear()
    assert ended == 20
    assert kept == [f"{__name__}.rooms", f"{__name__}.others"] * 10


def test_a_connection_of_which_something_still_runs_is_not_watched(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await accept(scope, receive, send)
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                continue

    assert kept_by(server, app) == (0, [])


def test_a_class_of_the_framework_is_not_named_as_what_holds_connections(server: Server) -> None:
    class Framework:
        def __init__(self, send: Any) -> None:
            self.send = send

    Framework.__module__ = "starlette.websockets"

    async def app(scope: Any, receive: Any, send: Any) -> None:
        socket = Framework(send)
        asyncio.get_running_loop().call_later(1e9, lambda: socket)
        await accept(scope, receive, send)

    assert kept_by(server, app) == (5, [""] * 5)


def test_connections_are_counted_by_how_they_ended(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        await receive()
        if scope["path"] == "/refused":
            await send({"type": "websocket.close", "code": 4403})
            return
        others.append(Socket(send))
        await send({"type": "websocket.accept"})
        if scope["path"] == "/closed":
            await send({"type": "websocket.close", "code": 1000})
        elif (await receive())["code"] == 1000:
            others.pop()

    server.start(app)
    engine = Engine(server, Limits())
    with Remains() as remains:
        for path, leaves in (
            ("/", Leave(0)),
            ("/", Leave(0, 4000)),
            ("/", Vanish(0)),
            ("/", Vanish(0)),
            ("/closed", Leave(0)),
            ("/refused", Leave(0)),
        ):
            transcript = engine.run(Recorded((Open(0, Handshake(path)), leaves)))
            remains.watch(engine.connections, transcript)
        engine.run(Recorded((Open(0, Handshake("/")), Leave(0))))
        kept = [(each.way, each.ended, len(each.holders)) for each in remains.kept()]
    others.clear()
    assert kept == [
        ("", 6, 4),
        ("that the application ended", 2, 1),
        ("whose client left with code 1000", 1, 0),
        ("whose client left with code 4000", 1, 1),
        ("whose client vanished", 2, 2),
    ]
