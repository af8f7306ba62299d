"""What an application sees of each of the three servers, where they differ."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeAlias

import pytest

from pytest_routes.simulator.connection import Connection
from pytest_routes.simulator.conversation import Handshake, Message, Open
from pytest_routes.simulator.profiles import PROFILES
from pytest_routes.simulator.rules import ClientDisconnected, IllegalEvent
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Dropped,
    Raised,
    Request,
    Responded,
    Returned,
    Transcript,
    Violated,
)

App: TypeAlias = Callable[..., Awaitable[object]]
Talk: TypeAlias = Callable[[Server, Connection], None]
SERVERS = tuple(PROFILES)
ACCEPT = {"type": "websocket.accept"}
CLOSE = {"type": "websocket.close"}
DISCONNECT = "websocket.disconnect"


def settle(server: Server, connection: Connection) -> None:
    server.drive()


def leave(code: int, reason: str = "") -> Talk:
    def talk(server: Server, connection: Connection) -> None:
        server.drive()
        connection.depart(code, reason)

    return talk


def run(profile: str, app: App, talk: Talk = settle, *subprotocols: str) -> Transcript:
    server = Server(profile=profile)

    async def websocket_only(scope: Any, receive: Any, send: Any) -> object:
        assert scope["type"] == "websocket"
        return await app(scope, receive, send)

    with server.on_duty():
        server.start(websocket_only)
        transcript = server.begin()
        connection = server.open(Open(0, Handshake("/", subprotocols=subprotocols)))
        talk(server, connection)
        server.drive(lambda: connection.ended, 5)
        task = connection.task
        assert task is not None
        if task.done() and not task.cancelled():
            assert task.exception() is None, "an exception of the server"
    server.close()
    return transcript


class Saying:
    """An application that sends some events and receives until nothing comes."""

    def __init__(self, *events: dict[str, Any]) -> None:
        self.events = events
        self.raised: list[type[Exception] | None] = []
        self.heard: list[dict[str, Any]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await receive()
        for event in self.events:
            try:
                await send(event)
            except (IllegalEvent, ClientDisconnected) as error:
                self.raised.append(type(error))
            else:
                self.raised.append(None)
        try:
            async with asyncio.timeout(1):
                while True:
                    self.heard.append(await receive())
        except TimeoutError:
            pass


def heard(profile: str, *events: dict[str, Any], talk: Talk = settle) -> list[dict[str, Any]]:
    app = Saying(*events)
    run(profile, app, talk)
    assert {event["type"] for event in app.heard} <= {DISCONNECT}
    return [{k: v for k, v in event.items() if k != "type"} for event in app.heard]


AFTER = {
    "uvicorn": {
        "left": [{"code": 4001, "reason": "bye"}, {"code": 1005}],
        "left without a code": [{"code": 1005, "reason": ""}, {"code": 1005}],
        "lost": [{"code": 1005}],
        "lost in the handshake": [{"code": 1006}],
        "refused": [{"code": 1006}],
        "closed": [{"code": 4002, "reason": "end"}, {"code": 1005}],
        "closed without a code": [{"code": None, "reason": ""}, {"code": 1005}],
    },
    "hypercorn": {
        "left": [{"code": 1006}],
        "left without a code": [{"code": 1006}],
        "lost": [{"code": 1006}],
        "lost in the handshake": [{"code": 1006}],
        "refused": [{"code": 1000}],
        "closed": [{"code": 1000}],
        "closed without a code": [],
    },
    "daphne": {
        "left": [{"code": 4001}],
        "left without a code": [{"code": None}],
        "lost": [{"code": 1006}],
        "lost in the handshake": [{"code": 1006}],
        "refused": [{"code": 1006}],
        "closed": [{"code": 4002}],
        "closed without a code": [{"code": 1000}],
    },
}


@pytest.mark.parametrize("profile", SERVERS)
def test_an_application_is_told_of_an_end_as_the_server_does_it(profile: str) -> None:
    end = CLOSE | {"code": 4002, "reason": "end"}
    assert AFTER[profile] == {
        "left": heard(profile, ACCEPT, talk=leave(4001, "bye")),
        "left without a code": heard(profile, ACCEPT, talk=leave(1005)),
        "lost": heard(profile, ACCEPT, talk=leave(1006)),
        "lost in the handshake": heard(profile, talk=leave(1006)),
        "refused": heard(profile, end),
        "closed": heard(profile, ACCEPT, end),
        "closed without a code": heard(profile, ACCEPT, CLOSE | {"code": None}),
    }


def test_a_close_frame_in_the_handshake_is_a_lost_connection() -> None:
    assert heard("uvicorn", talk=leave(4001, "bye")) == [{"code": 1006}]


@pytest.mark.parametrize("profile", SERVERS)
def test_who_leaves_after_the_application_has_closed_is_not_told_of(profile: str) -> None:
    codes = [event["code"] for event in heard(profile, ACCEPT, CLOSE, talk=leave(4001))]
    assert 4001 not in codes
    assert 1006 not in codes


ILLEGAL: list[tuple[dict[str, Any], str, set[str]]] = [
    ({"type": "websocket.send", "text": "t", "bytes": b"b"}, "message_type", {"daphne"}),
    ({"type": "websocket.send"}, "message_type", {"hypercorn"}),
    ({"type": "websocket.ping"}, "event_type", {"uvicorn", "hypercorn"}),
    (CLOSE | {"code": 999}, "close_code", {"uvicorn", "daphne"}),
    (CLOSE | {"code": 70000}, "close_code", {"uvicorn", "hypercorn", "daphne"}),
    (CLOSE | {"code": 65536}, "close_code", {"uvicorn", "hypercorn", "daphne"}),
    (CLOSE | {"code": -1}, "close_code", {"uvicorn", "hypercorn", "daphne"}),
    (CLOSE | {"code": "x"}, "close_code", {"uvicorn", "hypercorn", "daphne"}),
    (CLOSE | {"code": "1000"}, "close_code", {"uvicorn", "daphne"}),
    (CLOSE | {"reason": "x" * 124}, "close_reason", {"uvicorn"}),
    (CLOSE | {"reason": 5}, "close_reason", {"uvicorn", "hypercorn"}),
    (CLOSE | {"reason": "\ud800"}, "close_reason", {"uvicorn", "hypercorn"}),
]


@pytest.mark.parametrize("profile", SERVERS)
@pytest.mark.parametrize(("event", "rule", "raising"), ILLEGAL)
def test_what_is_illegal_is_found_also_where_it_does_not_raise(
    profile: str, event: dict[str, Any], rule: str, raising: set[str]
) -> None:
    app = Saying(ACCEPT, event)
    transcript = run(profile, app)
    (violation,) = transcript.of(Violated)
    assert violation.rule == rule
    assert app.raised == [None, IllegalEvent if profile in raising else None]
    if rule == "event_type":
        assert violation.detail == "{'type': 'websocket.ping'} is no event of a WebSocket"


@pytest.mark.parametrize("profile", SERVERS)
def test_a_subprotocol_that_was_not_offered_raises_in_hypercorn(profile: str) -> None:
    app = Saying(ACCEPT | {"subprotocol": "c"})
    transcript = run(profile, app, settle, "a", "b")
    found = [(violation.rule, violation.detail) for violation in transcript.of(Violated)]
    assert found == [("subprotocol_not_offered", "accepted 'c', offered: a, b")]
    assert app.raised == [IllegalEvent if profile == "hypercorn" else None]
    assert (transcript.first(Accepted) is None) == (profile == "hypercorn")


@pytest.mark.parametrize("profile", SERVERS)
def test_headers_that_are_no_bytes_do_not_matter_to_daphne(profile: str) -> None:
    app = Saying(ACCEPT | {"headers": [("a", "b")]})
    transcript = run(profile, app)
    assert [violation.rule for violation in transcript.of(Violated)] == ["header_type"]
    accepted = transcript.first(Accepted)
    assert (accepted is not None) == (profile == "daphne")
    assert accepted is None or accepted.headers == ()


def closed(profile: str, **close: object) -> tuple[int, str] | None:
    event = run(profile, Saying(ACCEPT, CLOSE | close)).first(Closed)
    return None if event is None else (event.code, event.reason)


def test_what_of_an_illegal_close_is_sent() -> None:
    assert closed("hypercorn", code=1005) == (1000, "")
    assert closed("hypercorn", code=1006) == (1000, "")
    assert closed("hypercorn", code=1015) == (1000, "")
    assert closed("hypercorn", code=0) == (0, "")
    assert closed("hypercorn", code=65535) == (65535, "")
    assert closed("hypercorn", code="4000") == (4000, "")
    assert closed("hypercorn", reason="x" * 124) == (1000, "x" * 123)
    assert closed("hypercorn", reason="ä" * 62) == (1000, "ä" * 61)
    assert closed("daphne", code=3000, reason="why") == (3000, "")
    assert closed("daphne", code=1011) is None
    assert closed("uvicorn", code=1011, reason="why") == (1011, "why")


def test_a_code_that_only_daphne_does_not_send_breaks_no_rule() -> None:
    app = Saying(ACCEPT, CLOSE | {"code": 1001})
    transcript = run("daphne", app)
    assert app.raised == [None, IllegalEvent]
    assert transcript.first(Violated) is None


@pytest.mark.parametrize("profile", SERVERS)
def test_daphne_sends_no_empty_message(profile: str) -> None:
    app = Saying(ACCEPT, *({"type": "websocket.send", "text": text} for text in ("", "a")))
    answers = [answer.message.data for answer in run(profile, app).of(Answered)]
    assert answers == (["a"] if profile == "daphne" else ["", "a"])


@pytest.mark.parametrize("profile", SERVERS)
def test_a_second_close_is_found(profile: str) -> None:
    for first in ((ACCEPT, CLOSE), (CLOSE,)):
        app = Saying(*first, CLOSE)
        transcript = run(profile, app)
        assert [violation.rule for violation in transcript.of(Violated)] == ["send_after_close"]
        assert app.raised[-1] is (IllegalEvent if profile == "uvicorn" else None)


@pytest.mark.parametrize("profile", SERVERS)
def test_once_a_close_is_answered_only_uvicorn_raises_at_what_is_sent(profile: str) -> None:
    raised: list[type[Exception] | None] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await send(CLOSE)
        for _ in range(2):
            try:
                await send({"type": "websocket.send", "text": "late"})
            except IllegalEvent as error:
                raised.append(type(error))
            else:
                raised.append(None)
            await receive()

    transcript = run(profile, app)
    assert raised == [IllegalEvent, IllegalEvent if profile == "uvicorn" else None]
    assert [each.rule for each in transcript.of(Violated)] == ["send_after_close"] * 2
    assert transcript.first(Answered) is None


@pytest.mark.parametrize(
    ("profile", "code", "answers"),
    [("uvicorn", 1006, []), ("hypercorn", 1011, []), ("daphne", None, ["late"])],
)
def test_a_client_stays_connected_to_daphne_when_the_application_returns(
    profile: str, code: int | None, answers: list[str]
) -> None:
    heard: list[dict[str, Any]] = []
    tasks = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        async def later() -> None:
            await asyncio.sleep(0.1)
            with suppress(ClientDisconnected):
                await send({"type": "websocket.send", "text": "late"})
            async with asyncio.timeout(0.1):
                heard.append(await receive())

        await receive()
        await send(ACCEPT)
        tasks.append(asyncio.create_task(later()))

    def wait(server: Server, connection: Connection) -> None:
        server.drive()
        server.advance(1.0)

    transcript = run(profile, app, wait)
    dropped = transcript.first(Dropped)
    assert (dropped.code if dropped else None) == code
    assert [answer.message.data for answer in transcript.of(Answered)] == answers
    assert [event["code"] for event in heard] == (
        [] if profile == "daphne" else [PROFILES[profile].lost_code]
    )


def test_daphne_offers_no_denial_and_leaves_it_out() -> None:
    denial = {"type": "websocket.http.response.start", "status": 401}
    app = Saying(denial, ACCEPT)
    transcript = run("daphne", app)
    (violation,) = transcript.of(Violated)
    assert violation.detail == ("the server does not offer the extension websocket.http.response")
    assert app.raised == [None, None]
    assert transcript.first(Accepted) is not None


def test_an_exception_drops_the_client_of_daphne_too() -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        raise LookupError

    dropped = run("daphne", app).first(Dropped)
    assert dropped is not None
    assert dropped.code == 1011


async def lingering(_scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send(ACCEPT)
    await receive()
    await asyncio.sleep(60)


@pytest.mark.parametrize(("after", "ended"), [(10.9, False), (11.1, True)])
def test_daphne_cancels_an_application_that_lingers(after: float, ended: bool) -> None:
    def wait(server: Server, connection: Connection) -> None:
        server.drive()
        connection.depart(1000)
        server.advance(after)
        assert connection.ended is ended
        assert connection.cancelled is ended

    transcript = run("daphne", lingering, wait)
    assert transcript.first(Raised) is None


def test_other_servers_let_it_linger() -> None:
    def wait(server: Server, connection: Connection) -> None:
        server.drive()
        connection.depart(1000)
        server.advance(50)
        assert not connection.ended

    for profile in ("uvicorn", "hypercorn"):
        run(profile, lingering, wait)


def test_an_application_that_ends_in_time_leaves_no_timer_behind() -> None:
    """A timer would keep what can never come from being proven."""

    def wait(server: Server, connection: Connection) -> None:
        server.drive()
        connection.depart(1000)
        server.drive()
        assert connection.ended
        before = server.now()
        server.drive(lambda: False, 100)
        assert server.now() == before

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await receive()

    transcript = run("daphne", app, wait)
    assert transcript.first(Returned) is not None


def test_the_scope_of_daphne_is_smaller() -> None:
    scopes: dict[str, Any] = {}
    for profile in SERVERS:
        app = Saying(ACCEPT)
        server = Server(profile=profile)
        scopes[profile] = app
        with server.on_duty():
            server.start(lambda scope, receive, send, app=app: app(scope, receive, send))
            server.begin()
            connection = server.open(Open(0, Handshake("/")))
            scopes[profile] = dict(connection.scope)
            server.drive(lambda connection=connection: connection.ended, 5)
        server.close()
    uvicorn, hypercorn, daphne = (scopes[profile] for profile in SERVERS)
    assert set(uvicorn) == set(hypercorn)
    assert set(uvicorn) - set(daphne) == {"scheme", "http_version", "extensions", "state"}
    assert uvicorn["asgi"] == {"version": "3.0", "spec_version": "2.4"}
    assert hypercorn["asgi"] == {"version": "3.0", "spec_version": "2.3"}
    assert daphne["asgi"] == {"version": "3.0"}
    assert daphne["client"] == list(uvicorn["client"])
    assert daphne["server"] == list(uvicorn["server"])


# HTTP.


def exchange(
    profile: str, app: App, *, gone_after: float | None = None
) -> tuple[Transcript, dict[str, Any]]:
    server = Server(profile=profile)

    async def http_only(scope: Any, receive: Any, send: Any) -> object:
        assert scope["type"] == "http"
        return await app(scope, receive, send)

    with server.on_duty():
        server.start(http_only)
        transcript = server.begin()
        request = server.request(Request("GET", "/"))
        scope = request.scope
        if gone_after is not None:
            server.advance(gone_after)
            request.depart()
        server.drive(lambda: request.ended, 30)
    server.close()
    return transcript, scope


def body(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def start(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    return {"type": "http.response.start", "status": 200, "headers": headers}


@pytest.mark.parametrize("profile", SERVERS)
def test_nobody_is_told_that_a_response_is_not_read(profile: str) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        await asyncio.sleep(1)
        await send(body(b"late"))

    transcript, _ = exchange(profile, app, gone_after=0.5)
    assert transcript.first(Returned) is not None
    responded = transcript.first(Responded)
    assert responded is not None
    assert (responded.body, responded.complete) == (b"", False)


@pytest.mark.parametrize("profile", SERVERS)
def test_only_uvicorn_tells_a_disconnect_before_the_body_and_again(profile: str) -> None:
    heard: list[str] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        await asyncio.sleep(1)
        try:
            async with asyncio.timeout(1):
                for _ in range(3):
                    heard.append((await receive())["type"])
        except TimeoutError:
            pass

    exchange(profile, app, gone_after=0.5)
    queued = ["http.request", "http.disconnect"]
    assert heard == (["http.disconnect"] * 3 if profile == "uvicorn" else queued)


@pytest.mark.parametrize("profile", SERVERS)
@pytest.mark.parametrize(
    ("parts", "sent", "detail"),
    [
        ([b"ab"], b"ab", "Content-Length is 3, the body has 2 bytes"),
        ([b"ab", b"cd"], b"ab", "Content-Length is 3, the body has 4 bytes"),
    ],
)
def test_a_body_of_another_length_raises_but_in_daphne(
    profile: str, parts: list[bytes], sent: bytes, detail: str
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start((b"content-length", b"3")))
        for number, part in enumerate(parts, 1):
            await send(body(part, more=number < len(parts)))

    transcript, _ = exchange(profile, app)
    violations = [(each.rule, each.detail) for each in transcript.of(Violated)]
    assert violations == [("content_length", detail)]
    responded = transcript.first(Responded)
    assert responded is not None
    if profile == "daphne":
        assert (responded.body, responded.complete) == (b"".join(parts), True)
        assert transcript.first(Raised) is None
    else:
        assert (responded.body, responded.complete) == (sent, False)
        raised = transcript.first(Raised)
        assert raised is not None
        assert isinstance(raised.exception, IllegalEvent)


@pytest.mark.parametrize("profile", SERVERS)
def test_a_second_response_raises_but_in_daphne(profile: str) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        await send(body(b"one"))
        await send(start())

    transcript, _ = exchange(profile, app)
    assert [each.rule for each in transcript.of(Violated)] == ["response_order"]
    assert (transcript.first(Raised) is None) == (profile == "daphne")


@pytest.mark.parametrize("profile", SERVERS)
def test_a_response_that_is_started_twice_raises(profile: str) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        await send(start())

    transcript, _ = exchange(profile, app)
    assert transcript.first(Raised) is not None


def test_daphne_cancels_a_response_that_lingers() -> None:
    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        assert scope["type"] == "http"
        await asyncio.sleep(1000)

    transcript, _ = exchange("daphne", app, gone_after=0.5)
    assert transcript.first(Raised) is None
    server = Server(profile="daphne")
    with server.on_duty():
        server.start(app)
        server.begin()
        request = server.request(Request("GET", "/"))
        server.drive()
        request.depart()
        server.advance(10.9)
        assert not request.ended
        server.advance(0.2)
        assert request.ended
    server.close()


def test_a_request_that_ends_in_time_leaves_no_timer_behind() -> None:
    async def app(scope: Any, receive: Any, _send: Any) -> None:
        assert scope["type"] == "http"
        while (await receive())["type"] != "http.disconnect":
            pass

    server = Server(profile="daphne")
    with server.on_duty():
        server.start(app)
        server.begin()
        request = server.request(Request("GET", "/"))
        server.drive()
        request.depart()
        server.drive()
        assert request.ended
        before = server.now()
        server.drive(lambda: False, 100)
        assert server.now() == before
    server.close()


@pytest.mark.parametrize(
    ("profile", "version", "extensions"),
    [("uvicorn", "2.3", False), ("hypercorn", "2.1", True), ("daphne", None, False)],
)
def test_the_scope_of_a_request_is_that_of_the_server(
    profile: str, version: str | None, extensions: bool
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start())
        await send(body(b""))

    _, scope = exchange(profile, app)
    assert scope["asgi"].get("spec_version") == version
    assert ("extensions" in scope) is extensions


def test_a_message_that_arrives_is_not_lost_when_the_application_closes() -> None:
    """It is received before the disconnect, on each server."""
    for profile in SERVERS:
        received: list[str] = []

        async def app(_scope: Any, receive: Any, send: Any, log: list[str] = received) -> None:
            await receive()
            await send(ACCEPT)
            await asyncio.sleep(1)
            await send(CLOSE)
            log.append((await receive())["type"])
            log.append((await receive())["type"])

        def talk(server: Server, connection: Connection) -> None:
            server.drive()
            connection.deliver(Message("text", "a"))

        run(profile, app, talk)
        assert received == ["websocket.receive", DISCONNECT]
