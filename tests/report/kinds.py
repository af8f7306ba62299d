"""One conversation, or one request, for each check of the catalogue, judged by the check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.checks import Context, Kept, judge, leaked_connection
from pytest_routes.checks.catalogue import CHECKS
from pytest_routes.routes.model import Route
from pytest_routes.simulator import transcript as t
from pytest_routes.simulator.rules import IllegalEvent
from pytest_routes.simulator.transcript import Frame, Request

from . import chat_app
from .talks import Talk, caught

if TYPE_CHECKING:
    from pytest_routes.checks.finding import Finding

WEBSOCKET = Route("websocket", "/ws/chat/{room:int}", handler=chat_app.handle)
HTTP = Route("http", "/users/{id}", method="POST", handler=chat_app.handle)
WITHOUT_CONTEXT = Context()
SEVERITIES = {check.name: "error" for check in CHECKS}


@dataclass(frozen=True)
class Kind:
    """A talk that makes a check find something."""

    talk: Talk
    route: Route = WEBSOCKET
    context: Context = WITHOUT_CONTEXT

    def finding(self, check: str) -> Finding:
        found = judge(self.talk.transcript, SEVERITIES, self.context)
        return next(finding for finding in found if finding.check == check)


def waits(line: str) -> dict[str, Any]:
    """Where a task of the application waits, inside of asyncio."""
    frames = (Frame(chat_app.__file__, chat_app.line_of(line), "relay"),)
    return {"where": (*frames, Frame("/lib/site-packages/redis/client.py", 10, "get"))}


def connected(**values: Any) -> Talk:
    return Talk().connect("/ws/chat/0", **values)


def connecting() -> Talk:
    talk = connected()
    talk.transcript.events.pop()
    return talk


def requested() -> Talk:
    request = Request(
        "POST", "/users/0", (("limit", "-1"),), (("content-type", "application/json"),), b'{"a":1}'
    )
    return Talk().add(t.Requested, request=request)


def responded(talk: Talk, status: int, body: bytes, **values: Any) -> Talk:
    headers = ((b"content-type", b"text/plain; charset=utf-8"),)
    return talk.add(t.Responded, status=status, headers=headers, body=body, **values)


def _message_handler_error() -> Kind:
    talk = connected().send("json", '{"action": "join"}').answer("json", '{"joined": true}')
    talk.send("json", '{"action": "subscribe", "channel_name": "' + "x" * 3_000 + '"}')
    talk.add(t.Raised, exception=caught(chat_app.handle, "{}"))
    return Kind(talk.add(t.Dropped, code=1006))


def _hidden_handler_error() -> Kind:
    """As Litestar does it."""
    talk = connected().send("text", "{}")
    talk.add(t.Raised, exception=caught(chat_app.translate, "{}"), hidden=True)
    talk.add(t.Closed, code=4500, reason="Internal Server Error")
    return Kind(talk, context=Context(framework="litestar"))


def _handler_error() -> Kind:
    talk = requested().add(t.Raised, exception=caught(chat_app.handle, "{}"))
    return Kind(talk, HTTP, Context(kind="http"))


def _connection_error() -> Kind:
    return Kind(connecting().add(t.Raised, exception=caught(chat_app.handle, "{}")))


def _shutdown_error() -> Kind:
    talk = connected().send("text", "hi").answer("text", "hi").at(3_600.5).add(t.Left, code=1001)
    talk.add(t.Told)
    return Kind(talk.add(t.Raised, exception=caught(chat_app.handle, "{}"), connected=False))


def _blocked_event_loop() -> Kind:
    talk = connected().send("text", "sleep").at(5.0)
    return Kind(talk.add(t.Blocked, seconds=5.02, **waits("await get()")))


def _protocol_violation() -> Kind:
    talk = (
        connected()
        .send("text", "")
        .add(t.Violated, rule="message_type", detail="expected text as str, got int 123")
    )
    error = caught(chat_app.fail, IllegalEvent("expected text as str, got int 123"))
    return Kind(talk.add(t.Raised, exception=error).add(t.Dropped, code=1006))


def _subprotocol_mismatch() -> Kind:
    talk = Talk().add(
        t.Opened, handshake=connected(subprotocols=("v1",)).transcript.events[0].handshake
    )
    talk.add(
        t.Violated,
        rule="subprotocol_not_offered",
        detail="the client offered v1, the application accepted 'v2'",
    )
    return Kind(talk.add(t.Accepted, subprotocol="v2"))


def _invalid_close() -> Kind:
    talk = connected().send("text", "bye")
    talk.add(t.Violated, rule="close_code", detail="close code 70000 may not be sent")
    return Kind(talk)


def _connection_timeout() -> Kind:
    talk = connecting().at(30.0)
    return Kind(talk.add(t.Stuck, phase="accept", waited=30.0, proven=True, **waits("await get()")))


def _message_timeout() -> Kind:
    talk = connected().send("text", "hang").at(10.0)
    return Kind(
        talk.add(t.Stuck, phase="message", waited=10.0, proven=False, **waits("await get()"))
    )


def _response_timeout() -> Kind:
    talk = requested()
    talk.add(t.Stuck, phase="response", waited=10.0, proven=True, **waits("await get()"))
    return Kind(talk, HTTP, Context(kind="http"))


def _shutdown_timeout() -> Kind:
    talk = connected().send("text", "a").answer("text", "A").add(t.Left, code=1000).add(t.Told)
    where = waits("await get()")
    tasks = (("writer", where["where"]),)
    talk.at(10.0).add(t.Stuck, phase="finish", waited=10.0, proven=True, tasks=tasks, **where)
    return Kind(talk)


def _server_error() -> Kind:
    talk = responded(requested(), 500, b"Internal Server Error")
    return Kind(talk, HTTP, Context(kind="http"))


def _response_mismatch() -> Kind:
    talk = connected().send("json", "{}").answer("json", '{"id": "0"}')
    problem = "id: expected an integer, got the string '0'"
    return Kind(talk, context=Context(answer_problem=lambda _: problem))


def _auth_bypass() -> Kind:
    return Kind(connected().add(t.Left, code=1000), context=Context(must_authenticate=True))


def _message_flood() -> Kind:
    talk = connected().send("text", "go")
    for _ in range(10_001):
        talk.answer("text", "tick")
    return Kind(talk.add(t.Flooded, messages=10_001, size=40_004))


def _collateral_disconnect() -> Kind:
    talk = connected().connect("/ws/chat/0", client=1)
    talk.add(t.Vanished, client=1).send("text", "hello")
    talk.add(t.Undelivered, client=1, sender=0).add(t.Returned).add(t.Dropped, code=1006)
    return Kind(talk)


def _unexpected_frame() -> Kind:
    talk = connected().send("bytes", b"\x00\xff")
    error = caught(chat_app.fail, KeyError("text"))
    talk.add(t.Raised, exception=error).add(t.Dropped, code=1006)
    return Kind(talk, context=Context(reads=frozenset({"text"})))


def _leaked_task() -> Kind:
    talk = connected().add(t.Left, code=1000).add(t.Told).add(t.Returned)
    return Kind(talk.add(t.TaskLeft, task="heartbeat", **waits("await get()")))


def _logged_exception() -> Kind:
    talk = connected().send("text", "{}")
    error = caught(chat_app.handle, "{}")
    talk.add(t.Logged, logger="chat", message="could not handle {}", exception=error)
    return Kind(talk.answer("text", "sorry"))


def _origin_unchecked() -> Kind:
    headers = (("cookie", "session=1"), ("origin", "https://attacker.example"))
    return Kind(connected(headers=headers))


class _Leak(Kind):
    def finding(self, check: str) -> Finding:
        found = leaked_connection(
            self.talk.transcript, Context(), [Kept("", 100, ["chat_app.CLIENTS"] * 100)]
        )
        assert found is not None
        assert found.check == check
        return found


KINDS: dict[str, Kind] = {
    "message_handler_error": _message_handler_error(),
    "handler_error": _handler_error(),
    "connection_error": _connection_error(),
    "shutdown_error": _shutdown_error(),
    "blocked_event_loop": _blocked_event_loop(),
    "protocol_violation": _protocol_violation(),
    "subprotocol_mismatch": _subprotocol_mismatch(),
    "invalid_close": _invalid_close(),
    "connection_timeout": _connection_timeout(),
    "message_timeout": _message_timeout(),
    "response_timeout": _response_timeout(),
    "shutdown_timeout": _shutdown_timeout(),
    "server_error": _server_error(),
    "response_mismatch": _response_mismatch(),
    "auth_bypass": _auth_bypass(),
    "message_flood": _message_flood(),
    "collateral_disconnect": _collateral_disconnect(),
    "unexpected_frame": _unexpected_frame(),
    "leaked_task": _leaked_task(),
    "leaked_connection": _Leak(connected().add(t.Left, code=1000)),
    "logged_exception": _logged_exception(),
    "origin_unchecked": _origin_unchecked(),
}
HIDDEN = _hidden_handler_error()
