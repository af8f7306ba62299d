"""One connection: what the application may do in each state, and what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

import pytest

from pytest_routes.simulator.backlog import FLOOD_MESSAGES
from pytest_routes.simulator.connection import Connection
from pytest_routes.simulator.conversation import Handshake, Message, Open
from pytest_routes.simulator.rules import RULES, ClientDisconnected, IllegalEvent
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Dropped,
    Event,
    Flooded,
    Raised,
    Refused,
    Returned,
    Transcript,
    Undelivered,
    Violated,
)

App: TypeAlias = Callable[..., Awaitable[object]]
Talk: TypeAlias = Callable[[Connection], None]


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


def websocket_only(app: App) -> App:
    async def only(scope: Any, receive: Any, send: Any) -> object:
        assert scope["type"] == "websocket"
        return await app(scope, receive, send)

    return only


def converse(
    server: Server, app: App, *messages: str | bytes, opening: Open | None = None, leave: int = 1000
) -> Transcript:
    server.start(websocket_only(app))
    transcript = server.begin()
    connection = server.open(opening or Open(0, Handshake("/")))
    server.drive(lambda: connection.decided, 30)
    for data in messages:
        if connection.connected:
            connection.deliver(Message("text" if isinstance(data, str) else "bytes", data))
            server.drive(lambda: connection.ready, 10)
    connection.depart(leave)
    server.drive(lambda: connection.ended, 10)
    return transcript


def kinds(transcript: Transcript) -> list[str]:
    return [type(event).__name__ for event in transcript.events]


def sending(*events: dict[str, Any]) -> App:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        for event in events:
            await send(event)

    return app


ACCEPT = {"type": "websocket.accept"}


async def echo(_scope: Any, receive: Any, send: Any) -> None:
    assert await receive() == {"type": "websocket.connect"}
    await send(ACCEPT)
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", **{k: v for k, v in event.items() if k != "type"}})


def test_an_echo_is_written_down_event_by_event(server: Server) -> None:
    transcript = converse(server, echo, "hi", b"\x00")
    assert kinds(transcript) == [
        "Opened",
        "Accepted",
        "Taken",
        "Answered",
        "Taken",
        "Answered",
        "Told",
        "Returned",
    ]
    assert [answer.message.data for answer in transcript.of(Answered)] == ["hi", b"\x00"]
    assert [accepted.subprotocol for accepted in transcript.of(Accepted)] == [None]


@pytest.mark.parametrize(
    ("profile", "message", "expected"),
    [
        ("uvicorn", "hi", {"type": "websocket.receive", "text": "hi"}),
        ("uvicorn", b"hi", {"type": "websocket.receive", "bytes": b"hi"}),
        ("daphne", "hi", {"type": "websocket.receive", "text": "hi"}),
        ("hypercorn", "hi", {"type": "websocket.receive", "text": "hi", "bytes": None}),
        ("hypercorn", b"hi", {"type": "websocket.receive", "text": None, "bytes": b"hi"}),
    ],
)
def test_a_message_has_the_keys_of_the_server(
    profile: str, message: str | bytes, expected: dict[str, Any]
) -> None:
    server = Server(profile=profile)
    received: list[dict[str, Any]] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        received.append(await receive())
        received.append(await receive())

    with server.on_duty():
        converse(server, app, message, leave=4000)
    server.close()
    code = 1006 if profile == "hypercorn" else 4000
    disconnect = {"type": "websocket.disconnect", "code": code}
    if profile == "uvicorn":
        disconnect["reason"] = ""
    assert received == [expected, disconnect]


@pytest.mark.parametrize(
    ("events", "rule"),
    [
        ([{"type": "websocket.send", "text": "early"}], "event_order"),
        ([ACCEPT, ACCEPT], "event_order"),
        ([{"type": "http.response.start", "status": 200}], "event_type"),
        ([{}], "event_type"),
        ([ACCEPT, {"type": "websocket.send", "text": 123}], "message_type"),
        ([ACCEPT, {"type": "websocket.send", "bytes": "text"}], "message_type"),
        ([ACCEPT, {"type": "websocket.send"}], "message_type"),
        ([ACCEPT, {"type": "websocket.send", "text": "a", "bytes": b"a"}], "message_type"),
        ([ACCEPT, {"type": "websocket.send", "text": "\ud800"}], "text_not_utf8"),
        ([ACCEPT, {"type": "websocket.close", "code": 1005}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 1006}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 1004}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 1015}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 1016}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 2999}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 999}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 5000}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": 70000}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "code": True}], "close_code"),
        ([ACCEPT, {"type": "websocket.close", "reason": "x" * 124}], "close_reason"),
        ([ACCEPT, {"type": "websocket.close", "reason": "ä" * 62}], "close_reason"),
        ([ACCEPT, {"type": "websocket.close", "reason": ["why"]}], "close_reason"),
        (
            [ACCEPT, {"type": "websocket.close"}, {"type": "websocket.send", "text": "late"}],
            "send_after_close",
        ),
        ([ACCEPT, {"type": "websocket.close"}, {"type": "websocket.close"}], "send_after_close"),
        ([{"type": "websocket.close"}, ACCEPT], "send_after_close"),
        ([{**ACCEPT, "subprotocol": "chat"}], "subprotocol_not_offered"),
        ([{**ACCEPT, "subprotocol": b"chat"}], "subprotocol_type"),
        ([{**ACCEPT, "headers": [("name", "value")]}], "header_type"),
        ([{**ACCEPT, "headers": [(b"name", b"a\r\nb")]}], "header_value"),
        ([{**ACCEPT, "headers": [(b"", b"a")]}], "header_value"),
        ([{**ACCEPT, "headers": [(b"only one",)]}], "header_type"),
        ([{**ACCEPT, "headers": 5}], "header_type"),
        ([{**ACCEPT, "headers": [(b"sec-websocket-protocol", b"a")]}], "header_subprotocol"),
        ([{"type": "websocket.http.response.start", "status": 99}], "status_code"),
        ([{"type": "websocket.http.response.start", "status": 600}], "status_code"),
        ([{"type": "websocket.http.response.start", "status": "403"}], "status_code"),
        ([{"type": "websocket.http.response.start", "status": True}], "status_code"),
        (
            [{"type": "websocket.http.response.start", "status": 403, "headers": [("a", "b")]}],
            "header_type",
        ),
        (
            [
                {"type": "websocket.http.response.start", "status": 403},
                {"type": "websocket.http.response.body", "body": "text"},
            ],
            "body_type",
        ),
        ([{"type": "websocket.http.response.start", "status": 403}, ACCEPT], "event_order"),
    ],
)
def test_a_broken_rule_is_named(server: Server, events: list[dict[str, Any]], rule: str) -> None:
    transcript = converse(server, sending(*events))
    assert [violation.rule for violation in transcript.of(Violated)] == [rule]
    assert rule in RULES


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "websocket.close"}, (1000, "")),
        ({"type": "websocket.close", "reason": None}, (1000, "")),
        ({"type": "websocket.close", "code": None}, (1005, "")),
        ({"type": "websocket.close", "code": 1014, "reason": "x" * 123}, (1014, "x" * 123)),
        ({"type": "websocket.close", "code": 3000}, (3000, "")),
        ({"type": "websocket.close", "code": 4999}, (4999, "")),
    ],
)
def test_a_legal_close_is_taken(
    server: Server, event: dict[str, Any], expected: tuple[int, str]
) -> None:
    transcript = converse(server, sending(ACCEPT, event))
    closed = transcript.first(Closed)
    assert closed is not None
    assert (closed.code, closed.reason) == expected
    assert transcript.first(Violated) is None


def test_a_close_before_accepting_is_a_refusal(server: Server) -> None:
    transcript = converse(server, sending({"type": "websocket.close", "code": 4001}))
    refused = transcript.first(Refused)
    assert refused is not None
    assert (refused.code, refused.status) == (4001, 403)
    assert transcript.first(Accepted) is None


def test_the_reason_of_a_refusal_may_be_anything_for_it_does_not_travel(server: Server) -> None:
    reason = [{"loc": ["query", "token"]}]
    transcript = converse(server, sending({"type": "websocket.close", "reason": reason}))
    assert transcript.first(Violated) is None


def test_a_denial_response_is_a_refusal_with_its_own_status(server: Server) -> None:
    transcript = converse(
        server,
        sending(
            {"type": "websocket.http.response.start", "status": 401},
            {"type": "websocket.http.response.body", "body": b"log ", "more_body": True},
            {"type": "websocket.http.response.body", "body": b"in"},
        ),
    )
    refused = transcript.first(Refused)
    assert refused is not None
    assert (refused.status, refused.body) == (401, b"log in")


@pytest.mark.parametrize("status", [100, 599])
def test_a_denial_may_have_any_status_that_servers_take(server: Server, status: int) -> None:
    transcript = converse(
        server,
        sending(
            {"type": "websocket.http.response.start", "status": status},
            {"type": "websocket.http.response.body"},
        ),
    )
    assert [(each.status, each.body) for each in transcript.of(Refused)] == [(status, b"")]
    assert transcript.first(Violated) is None


def test_sending_to_a_client_that_has_gone_raises_an_os_error(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await receive()
        await send({"type": "websocket.send", "text": "bye"})

    raised = converse(server, app).first(Raised)
    assert raised is not None
    assert isinstance(raised.exception, ClientDisconnected)
    assert isinstance(raised.exception, OSError)
    assert not raised.connected


@pytest.mark.parametrize("profile", ["hypercorn", "daphne"])
def test_other_servers_swallow_what_is_sent_to_a_client_that_has_gone(profile: str) -> None:
    server = Server(profile=profile)

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await receive()
        await send({"type": "websocket.send", "text": "bye"})

    with server.on_duty():
        transcript = converse(server, app)
    server.close()
    assert transcript.first(Returned) is not None
    assert transcript.first(Answered) is None


def test_uvicorn_tells_a_disconnect_twice_and_then_nothing(server: Server) -> None:
    codes = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        codes.append((await receive())["code"])
        codes.append((await receive())["code"])
        await receive()

    transcript = converse(server, app, leave=1001)
    assert codes == [1001, 1005]
    assert transcript.first(Returned) is None


def test_a_handler_that_raises_drops_its_client(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        raise ValueError("oh")

    transcript = converse(server, app)
    raised, dropped = transcript.first(Raised), transcript.first(Dropped)
    assert raised is not None
    assert dropped is not None
    assert raised.connected
    assert dropped.code == 1006


def test_a_handler_that_returns_without_closing_drops_its_client(server: Server) -> None:
    transcript = converse(server, sending(ACCEPT))
    assert kinds(transcript) == ["Opened", "Accepted", "Returned", "Dropped"]


def test_an_illegal_event_raises_in_the_application(server: Server) -> None:
    caught: list[Exception] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        try:
            await send({"type": "websocket.send", "text": 1})
        except IllegalEvent as error:
            caught.append(error)

    converse(server, app)
    assert str(caught[0]) == "text is 1 (int)"


def test_a_flood_is_stopped_and_its_sender_waits_until_the_client_has_gone(
    server: Server,
) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        while True:
            await send({"type": "websocket.send", "text": "more"})

    transcript = converse(server, app)
    flooded = transcript.first(Flooded)
    assert flooded is not None
    assert flooded.messages == FLOOD_MESSAGES + 1
    assert len(list(transcript.of(Answered))) < FLOOD_MESSAGES
    assert isinstance(transcript.events[-1], Raised)


def test_one_huge_message_is_a_flood(server: Server) -> None:
    transcript = converse(
        server, sending(ACCEPT, {"type": "websocket.send", "bytes": bytes(65 * 2**20)})
    )
    flooded = transcript.first(Flooded)
    assert flooded is not None
    assert flooded.size == 65 * 2**20


def test_64_mebibytes_between_two_reads_are_no_flood_and_one_byte_more_is(server: Server) -> None:
    parts = [{"type": "websocket.send", "bytes": bytes(16 * 2**20)}] * 4
    assert converse(server, sending(ACCEPT, *parts)).first(Flooded) is None
    more = {"type": "websocket.send", "bytes": b"."}
    flooded = converse(server, sending(ACCEPT, *parts, more)).first(Flooded)
    assert flooded is not None
    assert flooded.size == 64 * 2**20 + 1


def test_what_was_sent_before_a_message_was_read_counts_no_more(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        for _ in range(2):
            for _ in range(FLOOD_MESSAGES):
                await send({"type": "websocket.send", "text": "more"})
            await receive()

    assert converse(server, app, "go on").first(Flooded) is None


def test_a_connection_says_whether_the_application_waits_for_a_message(server: Server) -> None:
    release = server.loop.create_future()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await receive()
        await release
        await receive()

    server.start(websocket_only(app))
    server.begin()
    connection = server.open(Open(0, Handshake("/")))
    assert not connection.reading
    server.drive()
    assert (connection.reading, connection.ready, connection.unread) == (True, True, False)
    for _ in range(2):
        connection.deliver(Message("text", "a"))
    server.drive()
    assert (connection.reading, connection.ready, connection.unread) == (False, False, True)
    release.set_result(None)
    server.drive()
    assert (connection.ended, connection.reading, connection.ready) == (True, False, True)
    assert (connection.delivered, connection.taken) == (2, 2)


def test_answers_are_counted(server: Server) -> None:
    server.start(websocket_only(echo))
    server.begin()
    connection = server.open(Open(0, Handshake("/")))
    counts = []
    for _ in range(3):
        server.drive()
        counts.append(connection.answers)
        connection.deliver(Message("text", "a"))
    assert counts == [0, 1, 2]


def test_a_client_can_leave_until_the_connection_has_ended_on_one_of_the_sides(
    server: Server,
) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(1)
        await send(ACCEPT)
        if "text" in await receive():
            await send({"type": "websocket.close"})

    def may_leave(end: Callable[[Connection], None]) -> list[bool]:
        server.start(websocket_only(app))
        server.begin()
        connection = server.open(Open(0, Handshake("/")))
        asked = [connection.may_leave]
        for act in (lambda _: server.advance(2), end, lambda _: server.drive()):
            act(connection)
            asked.append(connection.may_leave)
        return asked

    closing = may_leave(lambda connection: connection.deliver(Message("text", "close")))
    assert closing == [True, True, True, False]
    leaving = may_leave(lambda connection: connection.depart(1000))
    assert leaving == [True, True, False, False]


def test_where_nothing_raises_after_the_client_has_gone_an_unknown_event_does_not_either() -> None:
    server = Server(profile="hypercorn")

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        await receive()
        await send({"type": "websocket.shrug"})

    with server.on_duty():
        transcript = converse(server, app)
    server.close()
    assert kinds(transcript) == ["Opened", "Accepted", "Told", "Violated", "Returned"]


def undelivered(transcript: Transcript) -> list[tuple[int, int]]:
    """Client and sender of each."""
    return [(event.client, event.sender) for event in transcript.of(Undelivered)]


def test_who_sent_what_nobody_took_is_told(server: Server) -> None:
    sends: list[Any] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        sends.append(send)
        if (await receive()).get("text") == "to the first":
            with suppress(ClientDisconnected):
                await sends[0]({"type": "websocket.send", "text": "late"})

    async def from_nowhere() -> None:
        with suppress(ClientDisconnected):
            await sends[0]({"type": "websocket.send", "text": "later"})

    server.start(websocket_only(app))
    transcript = server.begin()
    first = server.open(Open(0, Handshake("/")))
    server.drive()
    first.depart(1000)
    second = server.open(Open(1, Handshake("/")))
    server.drive()
    second.deliver(Message("text", "to the first"))
    server.drive()
    assert undelivered(transcript) == [(0, 1)]
    server.complete(from_nowhere())
    assert undelivered(transcript) == [(0, 1), (0, -1)]

    of_another_conversation = server.begin()
    third = server.open(Open(2, Handshake("/")))
    server.drive()
    third.deliver(Message("text", "to the first"))
    server.drive()
    assert undelivered(of_another_conversation) == [(-1, 2)]


def test_a_flood_ends_with_the_client_also_when_another_task_has_closed(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        server.loop.call_later(
            1, lambda: server.loop.create_task(send({"type": "websocket.close"}))
        )
        while True:
            await send({"type": "websocket.send", "text": "more"})

    server.start(websocket_only(app))
    server.begin()
    connection = server.open(Open(0, Handshake("/")))
    server.drive()
    server.advance(2)
    assert (connection.state.value, connection.ended) == ("closed", False)
    connection.depart(1000)
    server.drive(lambda: connection.ended, 5)
    assert connection.ended


def test_a_slow_reader_makes_every_send_wait_a_turn(server: Server) -> None:
    order: list[str] = []

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send(ACCEPT)
        order.append("accepted")

    async def other(_scope: Any, receive: Any, send: Any) -> None:
        server.loop.call_soon(order.append, "another callback")
        await app(_scope, receive, send)

    converse(server, other, opening=Open(0, Handshake("/"), slow_reader=True))
    assert order == ["another callback", "accepted"]
    order.clear()
    converse(server, other)
    assert order == ["accepted", "another callback"]


def test_a_returned_value_is_a_violation(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> str:
        await receive()
        await send(ACCEPT)
        return "done"

    transcript = converse(server, app)
    assert [event.rule for event in transcript.of(Violated)] == ["return_value"]
    assert kinds(transcript)[-2:] == ["Returned", "Dropped"]


def test_events_carry_the_loops_time_since_the_conversation_began(server: Server) -> None:
    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(2.5)
        await send(ACCEPT)

    accepted: Event | None = converse(server, app).first(Accepted)
    assert accepted is not None
    assert accepted.time == pytest.approx(2.5)
