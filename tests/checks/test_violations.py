from __future__ import annotations

import asyncio
import contextlib

import pytest
from fastapi import FastAPI, HTTPException, WebSocket
from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

from checks.conversing import Leave, accepting, found, names, opened, said, told


def sending(*events):
    """An application that accepts, and sends these events on a message."""

    async def sends(receive, send):
        await receive()
        for event in events:
            await send(event)

    return accepting(sends)


def text(data):
    return {"type": "websocket.send", "text": data}


CLOSE = {"type": "websocket.close"}


@pytest.mark.parametrize(
    ("events", "said_of_it"),
    [
        (
            [text(1)],
            [
                "protocol_violation",
                "Application broke the protocol rule message_type in {at}",
                "A message carries `text` as str or `bytes` as bytes, and exactly one of them "
                "(ASGI, WebSocket Send - send event)",
                "Text is 1 (int)",
            ],
        ),
        (
            [text("\ud800")],
            [
                "protocol_violation",
                "Application broke the protocol rule text_not_utf8 in {at}",
                "A text message can be encoded as UTF-8 (RFC 6455, 5.6)",
                "Character '\\ud800' at 0 is a lone surrogate",
            ],
        ),
        (
            [CLOSE, text("x")],
            [
                "protocol_violation",
                "Application broke the protocol rule send_after_close in {at}",
                "Nothing is sent on a connection that the application has closed "
                "(ASGI, WebSocket Close - send event)",
                "websocket.send after the connection was closed",
            ],
        ),
        (
            [CLOSE | {"code": 1005}],
            [
                "invalid_close",
                "Handler closed with a code that may not be sent in {at}",
                "A close code is one that may be sent: 1000-1003, 1007-1014 or 3000-4999 "
                "(RFC 6455, 7.4)",
                "Expected a code that may be sent, got 1005",
            ],
        ),
        (
            [CLOSE | {"reason": "x" * 124}],
            [
                "invalid_close",
                "Handler closed with a reason that may not be sent in {at}",
                "A close reason is text of at most 123 bytes in UTF-8 (RFC 6455, 5.5)",
                "The reason has 124 bytes",
            ],
        ),
    ],
    ids=["type", "surrogate", "after close", "code", "reason"],
)
def test_a_broken_rule_is_named_with_its_source_and_place(events, said_of_it):
    findings = found(sending(*events), opened(), said("x"))
    at = "sending.<locals>.sends (test_violations.py)"
    assert [told(each) for each in findings] == [[line.format(at=at) for line in said_of_it]]
    assert type(findings[0].exception).__name__ == "IllegalEvent"


def test_an_application_that_catches_the_servers_exception_has_broken_the_rule_all_the_same():
    async def swallows(receive, send):
        try:
            await send(text(1))
        except RuntimeError:
            await send({"type": "websocket.close", "code": 1011})

    (finding,) = found(accepting(swallows), opened())
    assert told(finding)[1] == (
        "Application broke the protocol rule message_type in "
        "test_an_application_that_catches_the_servers_exception_has_broken_the_rule_all_the_same."
        "<locals>.swallows (test_violations.py)"
    )
    assert finding.exception is None
    assert [(frame.function.rpartition(".")[2], frame.line) for frame in finding.event.where] == [
        ("app", accepting(swallows).__code__.co_firstlineno + 4),
        ("swallows", swallows.__code__.co_firstlineno + 2),
    ]


def test_what_a_task_of_its_own_breaks_is_placed_in_the_task():
    async def ticks(receive, send):
        async def tick():
            await asyncio.sleep(1)
            await send(text("tick"))

        task = asyncio.create_task(tick())
        await receive()
        await send(CLOSE)
        await asyncio.gather(task, return_exceptions=True)

    (finding,) = found(accepting(ticks), opened(), said("x"))
    assert told(finding)[1] == (
        "Application broke the protocol rule send_after_close in "
        "test_what_a_task_of_its_own_breaks_is_placed_in_the_task.<locals>.ticks.<locals>.tick "
        "(test_violations.py)"
    )


def test_a_subprotocol_that_was_not_offered_is_a_mismatch():
    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept", "subprotocol": "chat"})

    (finding,) = found(app, opened(subprotocols=("json",)))
    assert told(finding) == [
        "subprotocol_mismatch",
        "Handler accepted a subprotocol that was not offered in "
        "test_a_subprotocol_that_was_not_offered_is_a_mismatch.<locals>.app (test_violations.py)",
        "An accepted subprotocol is one of those that the client offered (RFC 6455, 4.2.2)",
        "Accepted 'chat', offered: json",
    ]
    assert found(app, opened(subprotocols=("json", "chat"))) == []


def test_a_violation_before_accepting_is_not_a_connection_error_too():
    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await send(text("too early"))

    assert names(found(app, opened())) == ["protocol_violation"]


async def closes_and_sends(websocket: StarletteWebSocket):
    await websocket.accept()
    await websocket.receive_text()
    await websocket.close()
    await websocket.send_text("goodbye")


async def accepts_twice(websocket: StarletteWebSocket):
    await websocket.accept()
    await websocket.accept()


@pytest.mark.parametrize(
    ("handler", "rule"), [(closes_and_sends, "send_after_close"), (accepts_twice, "event_order")]
)
def test_rules_that_starlette_guards_are_broken_all_the_same(handler, rule):
    app = Starlette(routes=[WebSocketRoute("/ws", handler)])
    (finding,) = found(app, opened(), said("x"))
    assert finding.key[:2] == ("protocol_violation", rule)
    assert finding.key[3] == handler.__name__


def test_http_exceptions_of_an_accepted_websocket_break_a_rule_at_the_raise():
    app = FastAPI()

    @app.websocket("/ws")
    async def asks(websocket: WebSocket):
        await websocket.accept()
        raise HTTPException(403)

    (finding,) = found(app, opened())
    assert told(finding)[1] == (
        "Application broke the protocol rule event_order in "
        "test_http_exceptions_of_an_accepted_websocket_break_a_rule_at_the_raise."
        "<locals>.asks (test_violations.py)"
    )


def test_what_is_sent_to_a_client_that_has_gone_breaks_no_rule():
    async def closes(receive, send):
        await receive()
        await send(CLOSE | {"code": 1006})

    assert found(accepting(closes), opened(), Leave(0)) == []


def test_what_no_server_knows_breaks_a_rule_also_after_the_client_has_gone():
    async def shrugs(receive, send):
        await receive()
        await send({"type": "websocket.shrug"})

    (finding,) = found(accepting(shrugs), opened(), Leave(0), profile="hypercorn")
    assert finding.key[:2] == ("protocol_violation", "event_type")


def test_what_a_task_sends_after_its_handler_returned_breaks_no_rule():
    tasks = []

    async def starts(receive, send):
        async def later():
            await asyncio.sleep(1)
            await send(text("late"))

        tasks.append(asyncio.create_task(later()))

    (finding,) = found(accepting(starts), opened())
    assert finding.check == "logged_exception"


def test_a_returned_value_breaks_a_rule():
    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
        return "done"

    (finding,) = found(app, opened())
    assert finding.key == ("protocol_violation", "return_value")
    assert finding.actual == "Expected None, got 'done'"


def test_a_framework_that_closes_on_an_exception_what_a_finally_has_closed_breaks_no_rule():
    @litestar_websocket("/ws")
    async def tidy(socket: LitestarWebSocket) -> None:
        await socket.accept()
        try:
            await socket.receive_text()
            raise LookupError("no such room")
        finally:
            await socket.close()

    (finding,) = found(Litestar([tidy]), opened(), said("x"))
    assert (finding.check, finding.severity) == ("message_handler_error", "error")
    assert "LookupError: no such room in " in finding.message


def test_an_application_that_closes_twice_itself_breaks_a_rule_besides():
    async def twice(receive, send):
        await receive()
        try:
            raise LookupError("no such room")
        except LookupError:
            await send({"type": "websocket.close"})
            await send({"type": "websocket.close"})

    assert names(found(accepting(twice), opened(), said("x"))) == ["protocol_violation"]


def test_a_surrogate_that_a_client_sent_as_an_escape_is_an_unexpected_frame():
    async def echo(websocket):
        await websocket.accept()
        while True:
            await websocket.send_json(await websocket.receive_json())

    app = Starlette(routes=[WebSocketRoute("/ws", echo)])
    [finding] = found(app, opened(), said('"\\ud83d\\ude00"'), said('["\\ud800"]'))
    assert (finding.check, finding.severity) == ("unexpected_frame", "warn")
    assert finding.message.startswith(
        "A lone surrogate that a client had sent as a JSON escape was sent on as text: "
    )


def test_a_surrogate_of_the_application_itself_breaks_a_rule():
    async def surprise(websocket):
        await websocket.accept()
        await websocket.receive_text()
        await websocket.send_json("\udfff")

    app = Starlette(routes=[WebSocketRoute("/ws", surprise)])
    assert names(found(app, opened(), said('"\\ud83d\\ude00"'))) == ["protocol_violation"]


def test_text_that_only_looks_like_an_escape_is_not_where_a_surrogate_came_from():
    async def surprise(receive, send):
        await receive()
        await send(text("\udfff"))

    assert names(found(accepting(surprise), opened(), said("\\udfff"))) == ["protocol_violation"]


def test_an_exception_answers_what_was_broken_before_it_and_nothing_later():
    async def sends(receive, send):
        event = await receive()
        if event["text"] == "raise":
            await send(text(1))
        with contextlib.suppress(RuntimeError):
            await send(text(1))

    steps = (opened(0), said("raise", 0), opened(1), said("swallow", 1))
    answered, unanswered = found(accepting(sends), *steps)
    assert str(answered.exception) == "text is 1 (int)"
    assert unanswered.exception is None
