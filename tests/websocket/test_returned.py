"""The line at which a handler returned before it said anything."""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pytest_routes.checks import Context, Finding, judge
from pytest_routes.config.checks import WebSocketChecks
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Open, Recorded, Wait
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Frame, Returned
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.returned import with_its_line


@pytest.fixture
def engine() -> Iterator[Engine]:
    server = Server()
    with server.on_duty():
        yield Engine(server, Limits())
    server.close()


def judged(transcript: Any) -> Finding | None:
    found = judge(transcript, WebSocketChecks(), Context(kind="websocket"))
    return next((each for each in found if each.check == "connection_error"), None)


def located(engine: Engine, app: Callable[..., Any], handler: Any = None, clients: int = 1) -> Any:
    """Where it returned, as the finding's event says it; with the finding itself."""
    engine.server.start(app)
    opened = [Open(client, Handshake("/")) for client in range(clients)]
    finding = judged(engine.run(Recorded((*opened, Wait(5.0)))))
    assert finding is not None
    route = Route(kind="websocket", path="/", handler=handler or app)
    told = with_its_line(finding, judged, route, engine)
    assert isinstance(told.event, Returned)
    assert told.event in told.transcript.events
    return told.event.where


async def undecided(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "websocket"
    await asyncio.sleep(1)
    if "token" not in scope:
        return
    await send({"type": "websocket.accept"})  # pragma: no cover


LINE = inspect.getsourcelines(undecided)[1] + 4


def test_it_is_the_last_line_that_ran(engine: Engine) -> None:
    assert located(engine, undecided) == (Frame(__file__, LINE, "undecided"),)


def test_what_the_handler_is_wrapped_in_is_looked_through(engine: Engine) -> None:
    @functools.wraps(undecided)
    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        await undecided(scope, receive, send)

    assert located(engine, wrapped) == (Frame(__file__, LINE, "undecided"),)


@pytest.mark.parametrize("handler", [object(), len, type("Endpoint", (), {})])
def test_a_handler_without_code_of_its_own_is_left_out(engine: Engine, handler: object) -> None:
    assert located(engine, undecided, handler) == ()


def test_of_several_clients_nobody_knows_who_returned(engine: Engine) -> None:
    assert located(engine, undecided, clients=2) == ()


def test_what_is_not_shown_again_is_left_as_it_is(engine: Engine) -> None:
    calls = []

    async def once(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        calls.append(1)
        if len(calls) > 1:
            await send({"type": "websocket.accept"})

    assert located(engine, once) == ()
    assert len(calls) == 2


def test_a_debugger_goes_on_afterwards(engine: Engine) -> None:
    def tracer(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        located(engine, undecided)
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
