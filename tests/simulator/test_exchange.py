"""One HTTP request and its response."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest

from pytest_routes.http.engine import HttpEngine
from pytest_routes.simulator.rules import ClientDisconnected
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Flooded,
    Raised,
    Request,
    Responded,
    Returned,
    Stuck,
    TaskFailed,
    TaskLeft,
    Transcript,
    Violated,
)

App: TypeAlias = Callable[..., Awaitable[object]]


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


def ask(server: Server, app: App, request: Request = Request("GET", "/")) -> Transcript:
    async def http_only(scope: Any, receive: Any, send: Any) -> object:
        assert scope["type"] == "http"
        return await app(scope, receive, send)

    server.start(http_only)
    return HttpEngine(server, 30.0).run(request)


def sending(*events: dict[str, Any]) -> App:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for event in events:
            await send(event)

    return app


START = {"type": "http.response.start", "status": 200, "headers": [(b"X-A", b"1")]}
BODY = {"type": "http.response.body", "body": b"hi"}


def test_a_response_is_put_together(server: Server) -> None:
    transcript = ask(
        server, sending(START, {**BODY, "more_body": True}, {**BODY, "body": b" there"})
    )
    response = transcript.first(Responded)
    assert response is not None
    assert (response.status, response.body, response.headers, response.complete) == (
        200,
        b"hi there",
        ((b"x-a", b"1"),),
        True,
    )
    assert transcript.first(Violated) is None


def test_the_body_of_the_request_arrives(server: Server) -> None:
    seen: list[Any] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        seen.append(await receive())
        await send(START)
        await send(BODY)
        seen.append(await receive())

    ask(server, app, Request("POST", "/", body=b"data"))
    assert seen == [
        {"type": "http.request", "body": b"data", "more_body": False},
        {"type": "http.disconnect"},
    ]


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        ([BODY], "response_order"),
        ([START, START], "response_order"),
        ([START, BODY, BODY], "response_order"),
        ([{"type": "websocket.accept"}], "event_type"),
        ([{**START, "status": None}], "status_code"),
        ([{**START, "headers": [("a", "b")]}], "header_type"),
        ([START, {**BODY, "body": "text"}], "body_type"),
        ([{**START, "headers": [(b"content-length", b"3")]}, BODY], "content_length"),
        ([{**START, "headers": [(b"content-length", b"x")]}, BODY], "content_length"),
        ([START, {**BODY, "more_body": True}], "response_incomplete"),
        ([START], "response_incomplete"),
        ([], "response_incomplete"),
    ],
)
def test_a_broken_rule_is_named(server: Server, events: list[dict[str, Any]], rule: str) -> None:
    assert [each.rule for each in ask(server, sending(*events)).of(Violated)] == [rule]


@pytest.mark.parametrize(
    ("request_", "status"), [(Request("HEAD", "/"), 200), (Request("GET", "/"), 304)]
)
def test_a_response_without_content_may_tell_the_length_it_would_have(
    server: Server, request_: Request, status: int
) -> None:
    start = {**START, "status": status, "headers": [(b"content-length", b"10")]}
    transcript = ask(server, sending(start, {**BODY, "body": b""}), request_)
    assert transcript.first(Violated) is None
    assert [response.complete for response in transcript.of(Responded)] == [True]


def test_an_exception_is_told(server: Server) -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ValueError("oh")

    raised = ask(server, app).first(Raised)
    assert raised is not None
    assert isinstance(raised.exception, ValueError)
    assert raised.connected


def test_a_response_that_can_never_come_is_proven(server: Server) -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.Event().wait()

    stuck = ask(server, app).first(Stuck)
    assert stuck is not None
    assert (stuck.phase, stuck.proven) == ("response", True)


def test_a_response_that_is_late_is_told(server: Server) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(31)
        await send(START)
        await send(BODY)

    stuck = ask(server, app).first(Stuck)
    assert stuck is not None
    assert (stuck.phase, stuck.waited, stuck.proven) == ("response", 30.0, False)


def test_an_endless_stream_is_left_and_is_nothing_wrong(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(START)
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({**BODY, "more_body": True})
            await asyncio.sleep(1)

    transcript = ask(server, app)
    response = transcript.first(Responded)
    assert response is not None
    assert not response.complete
    assert transcript.first(Stuck) is None
    assert transcript.first(Violated) is None
    assert transcript.first(TaskLeft) is None
    kinds = [type(event).__name__ for event in transcript.events]
    assert kinds == ["Requested", "Responded", "Returned"]


def test_a_body_that_takes_its_time_is_waited_for(server: Server) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(START)
        await asyncio.sleep(5)
        await send(BODY)

    response = ask(server, app).first(Responded)
    assert response is not None
    assert (response.time, response.body, response.complete) == (pytest.approx(5), b"hi", True)


def test_who_waits_for_the_client_to_leave_is_told_when_the_response_is_complete(
    server: Server,
) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        assert (await receive())["type"] == "http.request"
        leaving = asyncio.ensure_future(receive())
        await asyncio.sleep(1)
        await send(START)
        await send(BODY)
        told.append(await leaving)
        await asyncio.sleep(1)

    told: list[Any] = []
    server.start(app)
    transcript = server.begin()
    exchange = server.request(Request("GET", "/"))
    server.drive(lambda: exchange.ended, 5)
    assert told == [{"type": "http.disconnect"}]
    assert [(type(event), event.time) for event in transcript.events[1:]] == [
        (Responded, pytest.approx(1)),
        (Returned, pytest.approx(2)),
    ]


def test_a_flood_is_stopped(server: Server) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(START)
        while True:
            await send({**BODY, "body": bytes(2**20), "more_body": True})

    flooded = ask(server, app).first(Flooded)
    assert flooded is not None
    assert flooded.size == 65 * 2**20


def test_after_a_flood_every_send_raises_once_the_client_has_gone(server: Server) -> None:
    raised = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(START)
        while len(raised) < 3:
            try:
                await send({**BODY, "body": bytes(2**20), "more_body": True})
            except ClientDisconnected as error:
                raised.append(str(error))

    ask(server, app)
    assert raised == ["the client has closed the connection"] * 3


def test_what_a_background_task_does_is_told(server: Server) -> None:
    async def crash() -> None:
        raise ValueError("in the background")

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        tasks.append(asyncio.create_task(crash()))
        tasks.append(asyncio.create_task(asyncio.Event().wait()))
        await send(START)
        await send(BODY)

    tasks: list[asyncio.Task[Any]] = []
    transcript = ask(server, app)
    failed, left = transcript.first(TaskFailed), transcript.first(TaskLeft)
    assert failed is not None
    assert left is not None
    assert isinstance(failed.exception, ValueError)
    assert left.task == "Event.wait"
