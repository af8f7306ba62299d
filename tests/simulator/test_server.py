"""The server: blocking code, logs, the loop's exception handler, hidden exceptions, scopes."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest

from pytest_routes.simulator.conversation import Handshake, Message, Open
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Blocked,
    Logged,
    LoopError,
    Raised,
    Request,
    Transcript,
)

App: TypeAlias = Callable[..., Awaitable[object]]
ACCEPT = {"type": "websocket.accept"}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(watchdog=0.3)
    with server.on_duty():
        yield server
    server.close()


def talk(server: Server, body: Callable[[], Awaitable[object]]) -> Transcript:
    """A conversation with a handler that accepts, reads one message and runs `body`."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        await receive()
        await send(ACCEPT)
        await receive()
        await body()

    server.start(app)
    transcript = server.begin()
    connection = server.open(Open(0, Handshake("/")))
    server.drive(lambda: connection.decided, 30)
    connection.deliver(Message("text", "go"))
    server.drive(lambda: connection.ready, 10)
    connection.depart(1000)
    server.drive(lambda: connection.ended, 10)
    return transcript


def test_code_that_sleeps_is_interrupted_where_it_sleeps(server: Server) -> None:
    async def body() -> None:
        time.sleep(30)

    began = time.monotonic()
    blocked = talk(server, body).first(Blocked)
    assert time.monotonic() - began < 5
    assert blocked is not None
    assert 0.075 <= blocked.seconds < 0.3
    assert blocked.where[-1].function.endswith("body")
    assert blocked.where[-1].file == __file__


def test_code_that_computes_for_ever_is_interrupted(server: Server) -> None:
    async def body() -> None:
        while True:
            pass

    assert talk(server, body).first(Blocked) is not None


def test_an_interruption_that_is_swallowed_is_told_all_the_same(server: Server) -> None:
    async def body() -> None:
        try:
            time.sleep(30)
        except BaseException:
            return

    assert talk(server, body).first(Blocked) is not None


def test_an_interruption_is_no_exception_of_the_handler(server: Server) -> None:
    async def body() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(sleeper())

    async def sleeper() -> None:
        time.sleep(30)

    transcript = talk(server, body)
    assert transcript.first(Blocked) is not None
    assert transcript.first(Raised) is None


def test_work_below_the_limit_is_not_interrupted(server: Server) -> None:
    async def body() -> None:
        for _ in range(5):
            time.sleep(0.02)
            work(0.05)
            await asyncio.sleep(0)

    assert talk(server, body).first(Blocked) is None


def work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_sleeping_is_told_from_working_for_as_long(server: Server) -> None:
    async def works() -> None:
        work(0.2)

    assert talk(server, works).first(Blocked) is None

    async def sleeps() -> None:
        time.sleep(30)

    blocked = talk(server, sleeps).first(Blocked)
    assert blocked is not None
    assert blocked.seconds < 0.3


def test_a_callback_without_python_code_is_interrupted_too(server: Server) -> None:
    async def body() -> None:
        asyncio.get_running_loop().call_soon(time.sleep, 30)
        await asyncio.sleep(0)

    blocked = talk(server, body).first(Blocked)
    assert blocked is not None
    assert blocked.where == ()


def test_a_collection_of_all_that_lives_in_the_process_is_not_the_applications_time() -> None:
    everything = [[number] for number in range(1_000_000)]

    async def body() -> None:
        for _ in range(5):
            gc.collect()

    server = Server(watchdog=0.1)
    before = list(gc.callbacks)
    with server.on_duty():
        transcript = talk(server, body)
    assert gc.callbacks == before
    server.close()
    assert len(everything) == 1_000_000
    assert transcript.first(Blocked) is None


def test_waiting_for_a_worker_thread_blocks_nothing(server: Server) -> None:
    async def body() -> None:
        await asyncio.to_thread(time.sleep, 0.8)

    assert talk(server, body).first(Blocked) is None


def test_an_error_log_is_seen_whatever_the_handlers_are(server: Server) -> None:
    async def body() -> None:
        logger = logging.getLogger("some.application")
        logger.propagate = False
        logger.warning("nothing to see")
        try:
            _ = {}["missing"]
        except KeyError:
            logger.exception("could not handle %s", "it")

    logged = talk(server, body).first(Logged)
    assert logged is not None
    assert (logged.client, logged.logger, logged.message) == (
        0,
        "some.application",
        "could not handle it",
    )
    assert isinstance(logged.exception, KeyError)


def test_a_callbacks_exception_is_told(server: Server) -> None:
    async def body() -> None:
        asyncio.get_running_loop().call_soon(lambda: 1 / 0)
        await asyncio.sleep(1)

    error = talk(server, body).first(LoopError)
    assert error is not None
    assert isinstance(error.exception, ZeroDivisionError)


def test_off_duty_nothing_of_the_server_is_left_in_the_process() -> None:
    before = (
        logging.getLogRecordFactory(),
        signal.getsignal(signal.SIGINT),
        signal.getsignal(signal.SIGUSR2),
    )
    threads = set(threading.enumerate())
    server = Server()
    with server.on_duty():
        assert logging.getLogRecordFactory() is not before[0]
    assert before == (
        logging.getLogRecordFactory(),
        signal.getsignal(signal.SIGINT),
        signal.getsignal(signal.SIGUSR2),
    )
    # One that another test has left behind may have ended meanwhile.
    assert set(threading.enumerate()) <= threads
    server.close()


def test_a_keyboard_interrupt_of_the_application_is_its_own(server: Server) -> None:
    async def body() -> None:
        raise KeyboardInterrupt

    raised = talk(server, body).first(Raised)
    assert raised is not None
    assert isinstance(raised.exception, KeyboardInterrupt)


def test_the_scope_of_a_handshake_says_what_the_client_sent(server: Server) -> None:
    scopes: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        scopes.append(scope)
        await receive()
        await send({"type": "websocket.close"})

    server.start(app)
    server.begin()
    handshake = Handshake(
        "/ws/caf%C3%A9",
        query=(("q", "a b&c"), ("q", "ü")),
        headers=(("X-Token", "t"), ("Origin", "https://elsewhere.example")),
        subprotocols=("chat", "v2"),
        host="api.example",
    )
    connection = server.open(Open(3, handshake))
    server.drive(lambda: connection.ended, 5)
    scope = scopes[0]
    assert scope["path"] == "/ws/café"
    assert scope["raw_path"] == b"/ws/caf%C3%A9"
    assert scope["query_string"] == b"q=a+b%26c&q=%C3%BC"
    assert scope["subprotocols"] == ["chat", "v2"]
    assert scope["client"] == ("127.0.0.1", 50_003)
    headers = dict(scope["headers"])
    assert headers[b"host"] == b"api.example"
    assert headers[b"x-token"] == b"t"
    assert headers[b"origin"] == b"https://elsewhere.example"
    assert headers[b"sec-websocket-protocol"] == b"chat, v2"
    assert len(headers) == len(scope["headers"])


def test_the_scope_of_a_request_says_how_long_its_body_is(server: Server) -> None:
    scopes: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        scopes.append(scope)
        await send({"type": "http.response.start", "status": 204})
        await send({"type": "http.response.body"})

    server.start(app)
    server.begin()
    exchange = server.request(Request("POST", "/x", body=b"abc", headers=(("A", "b"),)))
    server.drive(lambda: exchange.ended, 5)
    scope = scopes[0]
    assert (scope["method"], scope["path"], scope["scheme"]) == ("POST", "/x", "http")
    assert dict(scope["headers"])[b"content-length"] == b"3"
    assert dict(scope["headers"])[b"a"] == b"b"


def test_a_framework_can_tell_of_an_exception_that_it_hides(server: Server) -> None:
    transcript = server.begin()
    error = ValueError("hidden")
    server.hidden_exception(error, {"client": ("127.0.0.1", 50_001)})
    assert [(event.client, event.exception) for event in transcript.of(Raised)] == [(1, error)]
    assert all(event.hidden for event in transcript.of(Raised))
