"""Starting and ending an application."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette

from pytest_routes.simulator.conversation import Handshake, Open
from pytest_routes.simulator.lifespan import LifespanError
from pytest_routes.simulator.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


async def answer(event: dict[str, Any], send: Any) -> None:
    await send({"type": f"{event['type']}.complete"})


def test_an_application_is_started_and_ended_and_its_state_reaches_each_scope(
    server: Server,
) -> None:
    said: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            scope["state"]["pool"] = "a pool"
            said.append((await receive())["type"])
            await send({"type": "lifespan.startup.complete"})
            said.append((await receive())["type"])
            await send({"type": "lifespan.shutdown.complete"})
        else:
            scope["state"]["mine"] = "only here"
            said.append(scope["state"]["pool"])
            said.append(str("mine" in server.lifespan.state))  # type: ignore[union-attr]

    server.start(app)
    server.begin()
    connection = server.open(Open(0, Handshake("/")))
    server.drive(lambda: connection.ended, 5)
    server.stop()
    assert said == ["lifespan.startup", "a pool", "False", "lifespan.shutdown"]


def test_an_application_without_lifespan_is_served_without(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"

    server.start(app)
    assert server.lifespan is not None
    assert not server.lifespan.supported
    server.stop()


def test_an_application_that_returns_from_lifespan_is_served_without(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        return

    server.start(app)
    assert server.lifespan is not None
    assert not server.lifespan.supported


def test_a_failed_startup_is_an_error_with_its_cause(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        try:
            raise ConnectionError("no database")
        except ConnectionError:
            await send({"type": "lifespan.startup.failed", "message": "traceback..."})
            raise

    with pytest.raises(
        LifespanError, match=r"^lifespan startup failed: ConnectionError: no database$"
    ) as caught:
        server.start(app)
    assert isinstance(caught.value.cause, ConnectionError)


def test_a_startup_that_can_never_complete_is_told_at_once(server: Server) -> None:
    async def opening() -> None:
        await asyncio.Event().wait()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await opening()

    began = time.monotonic()
    with pytest.raises(
        LifespanError,
        match=_at("startup", "it waits for something that can never happen", "opening"),
    ):
        server.start(app)
    assert time.monotonic() - began < 3


def test_a_startup_that_takes_too_long_is_told(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(100)

    with pytest.raises(LifespanError, match=_at("startup", "it was given 20 s", "app")):
        server.start(app, 20)


def test_a_startup_that_works_in_a_thread_is_waited_for(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        event = await receive()
        await asyncio.to_thread(time.sleep, 0.2)
        await answer(event, send)
        await answer(await receive(), send)

    server.start(app)
    assert server.lifespan is not None
    assert server.lifespan.supported
    server.stop()


def test_a_failed_shutdown_is_an_error(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(await receive(), send)
        await receive()
        raise RuntimeError("pool is broken")

    server.start(app)
    with pytest.raises(
        LifespanError, match=r"^lifespan shutdown failed: RuntimeError: pool is broken$"
    ):
        server.stop()


def test_a_shutdown_that_hangs_is_an_error(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(await receive(), send)
        await asyncio.Event().wait()

    server.start(app)
    never = "it waits for something that can never happen"
    with pytest.raises(LifespanError, match=_at("shutdown", never, "app")):
        server.stop()


def test_a_shutdown_that_hangs_behind_a_yield_is_told_with_its_place(server: Server) -> None:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.Event().wait()

    server.start(Starlette(lifespan=lifespan))
    never = "it waits for something that can never happen"
    with pytest.raises(LifespanError, match=_at("shutdown", never, "lifespan")):
        server.stop()


def _at(phase: str, why: str, function: str) -> str:
    """What is said of a phase that does not end, with a line of this file."""
    shown = os.path.relpath(__file__)
    place = rf"in test_\w+\.<locals>\.{function} \({re.escape(shown)}:\d+\)"
    return f"^lifespan {phase} did not complete: {re.escape(why)}, {place}$"


def test_a_startup_that_is_given_up_is_ended(server: Server) -> None:
    ended: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(0.5)
            ended.append(scope["type"])

    with pytest.raises(LifespanError, match="did not complete"):
        server.start(app, 20)
    assert ended == ["lifespan"]
    server.stop()  # there is nothing left to end


def test_a_startup_that_fails_by_a_message_is_ended(server: Server) -> None:
    ended: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "lifespan.startup.failed", "message": "  no disk\n"})
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(scope["type"])

    with pytest.raises(LifespanError, match=r"^lifespan startup failed: no disk$"):
        server.start(app)
    assert ended == ["lifespan"]
    server.stop()


def test_a_startup_that_fails_without_a_word_says_so(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "lifespan.startup.failed"})

    with pytest.raises(LifespanError, match=r"^lifespan startup failed: no reason was given$"):
        server.start(app)


def test_a_shutdown_that_fails_by_a_message_says_why(server: Server) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(await receive(), send)
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "still busy\n"})

    server.start(app)
    with pytest.raises(LifespanError, match=r"^lifespan shutdown failed: still busy$"):
        server.stop()


def test_what_goes_on_after_the_shutdown_is_ended(server: Server) -> None:
    said: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(await receive(), send)
        await answer(await receive(), send)
        try:
            await asyncio.sleep(0.5)
            said.append("a last word")
            await asyncio.sleep(100)
        except asyncio.CancelledError:
            said.append("cancelled")
            await asyncio.sleep(0)
            said.append("gone")

    server.start(app)
    server.stop()
    assert said == ["a last word", "cancelled", "gone"]
