"""How each kind of event is put into words: one small function each, and one table."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlencode

from pytest_routes.report.literals import (
    count,
    exception_line,
    json_literal,
    literal,
    message_literal,
    printable,
    seconds,
    shortened,
)
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.simulator import transcript as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_routes.simulator.conversation import Handshake

Direction: TypeAlias = Literal["->", "<-", "--", "!!"]
"""To the application, to the client, neither, and something that went wrong."""

TARGET = 300
"""Characters of a path and its query that a line shows, about."""

Words: TypeAlias = tuple[Direction, str, str]
"""Direction, label (`connect`, `text`, ...; empty when the rest is a sentence), detail."""


@dataclass(frozen=True, slots=True)
class Style:
    """How much is said."""

    limit: int = 120
    """Characters of a content that are shown, about."""
    redact: Redaction = NOTHING_SECRET
    taken: frozenset[tuple[int, int]] = frozenset()
    """Client and index of every message that the handler received."""


def words(event: t.Event, style: Style) -> Words:
    """What a line about this event says. Raises `KeyError` unless `is_told`."""
    return _WORDING[type(event)](event, style)


def is_told(event: t.Event) -> bool:
    """Whether the event gets a line. That a handler receives what it was sent, a message or a
    disconnect, is the rule and gets none; the exception is said with the message."""
    return type(event) in _WORDING


def target(request: Handshake | t.Request, redact: Redaction) -> str:
    """Path and query as they travel."""
    text = request.path
    if request.query:
        text += "?" + urlencode(request.query, errors="surrogatepass")
    return printable(redact(text))


def headers(pairs: Iterable[tuple[str, str]], style: Style) -> list[str]:
    """`name: value` lines."""
    return [
        printable(f"{name}: {shortened(style.redact(value), style.limit)}") for name, value in pairs
    ]


def response_headers(pairs: Iterable[tuple[bytes, bytes]], style: Style) -> list[str]:
    """`name: value` lines of a response (ASGI gives bytes, RFC 9110 says Latin-1 at most)."""
    decoded = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)
    return headers(decoded, style)


def status_line(status: int) -> str:
    """`404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def body_literal(data: bytes, style: Style) -> str:
    """A request's or response's body: text as it is, when it is text on one line."""
    if not data:
        return ""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return literal(style.redact.of_bytes(data), style.limit)
    return json_literal(style.redact(text), style.limit)


def _opened(event: t.Opened, style: Style) -> Words:
    handshake = event.handshake
    parts = [shortened(target(handshake, style.redact), max(style.limit, TARGET))]
    if handshake.subprotocols:
        parts.append(f"subprotocols: {printable(', '.join(handshake.subprotocols))}")
    parts += headers(handshake.headers, style)
    return "->", "connect", "  ".join(parts)


def _sent(event: t.Sent, style: Style) -> Words:
    detail = message_literal(event.message, style.limit, style.redact)
    if (event.client, event.index) not in style.taken:
        detail += "  (never read)"
    return "->", event.message.kind, detail


def _waited(event: t.Waited, _: Style) -> Words:
    return "--", "", f"{seconds(event.seconds)} of silence"


def _left(event: t.Left, style: Style) -> Words:
    return "->", "close", _close(event.code, event.reason, style)


def _vanished(_: t.Vanished, __: Style) -> Words:
    return "->", "", "connection lost without a close (the server sees 1006)"


def _accepted(event: t.Accepted, style: Style) -> Words:
    parts = [f"subprotocol: {printable(event.subprotocol)}"] if event.subprotocol else []
    parts += response_headers(event.headers, style)
    return "<-", "accept", "  ".join(parts)


def _refused(event: t.Refused, style: Style) -> Words:
    detail = status_line(event.status)
    if event.code is not None:
        detail += f"  (close code {_close(event.code, event.reason, style)})"
    elif event.body:
        detail += f"  {body_literal(event.body, style)}"
    return "<-", "refuse", detail


def _undelivered(event: t.Undelivered, _: Style) -> Words:
    whom = "a client of an earlier sequence" if event.client < 0 else f"client {event.client}"
    return "--", "", f"a message to {whom}, which has gone, cannot be sent"


def _answered(event: t.Answered, style: Style) -> Words:
    return "<-", event.message.kind, message_literal(event.message, style.limit, style.redact)


def _closed(event: t.Closed, style: Style) -> Words:
    return "<-", "close", _close(event.code, event.reason, style)


def _dropped(event: t.Dropped, _: Style) -> Words:
    return "<-", "", f"connection dropped (the client sees {event.code})"


def _returned(_: t.Returned, __: Style) -> Words:
    return "--", "", "the handler returned"


def _raised(event: t.Raised, style: Style) -> Words:
    what = exception_line(event.exception, style.limit, style.redact)
    kept = " (its framework caught it)" if event.hidden else ""
    return "!!", "", f"the handler raised {what}{kept}"


_STUCK: dict[t.Phase, str] = {
    "accept": "the handler neither accepts nor refuses",
    "message": "the handler does not read the next message",
    "finish": "the handler still runs after the client has left",
    "response": "the handler does not answer",
}


def _stuck(event: t.Stuck, _: Style) -> Words:
    if event.proven:
        return "!!", "", f"{_STUCK[event.phase]}, and nothing is left that could wake it"
    return "!!", "", f"{_STUCK[event.phase]}, {seconds(event.waited)} later"


def _violated(event: t.Violated, style: Style) -> Words:
    detail = printable(shortened(style.redact(event.detail), 4 * style.limit))
    return "!!", "", f"{detail} (rule {printable(event.rule)})"


def _blocked(event: t.Blocked, _: Style) -> Words:
    return "!!", "", f"the event loop stood still for {seconds(event.seconds)}"


def _flooded(event: t.Flooded, _: Style) -> Words:
    size = f"{event.size / 2**20:,.1f} MiB" if event.size >= 2**20 else count(event.size, "byte")
    return "!!", "", f"{count(event.messages, 'message')} ({size}) sent without reading"


def _task_failed(event: t.TaskFailed, style: Style) -> Words:
    what = exception_line(event.exception, style.limit, style.redact)
    return "!!", "", f"task {_name(event.task, style)} raised {what}"


def _task_left(event: t.TaskLeft, style: Style) -> Words:
    return "!!", "", f"task {_name(event.task, style)} still runs"


def _loop_error(event: t.LoopError, style: Style) -> Words:
    detail = printable(shortened(style.redact(event.message), style.limit))
    if event.exception is not None:
        detail += f": {exception_line(event.exception, style.limit, style.redact)}"
    return "!!", "", f"event loop: {detail}"


def _logged(event: t.Logged, style: Style) -> Words:
    detail = printable(shortened(style.redact(event.message), style.limit))
    return "!!", "", f"logged by {_name(event.logger, style)}: {detail}"


def _requested(event: t.Requested, style: Style) -> Words:
    request = event.request
    body = body_literal(request.body, style)
    asked = shortened(target(request, style.redact), max(style.limit, TARGET))
    return "->", request.method, asked + (f"  {body}" if body else "")


def _responded(event: t.Responded, style: Style) -> Words:
    parts = [body_literal(event.body, style), "" if event.complete else "(it never ended)"]
    return "<-", status_line(event.status), "  ".join(filter(None, parts))


def _close(code: int, reason: str, style: Style) -> str:
    return f"{code} {literal(style.redact(reason), style.limit)}" if reason else str(code)


def _name(text: str, style: Style) -> str:
    return printable(shortened(style.redact(text), style.limit))


_WORDING: dict[type[t.Event], Callable[[Any, Style], Words]] = {
    t.Opened: _opened,
    t.Sent: _sent,
    t.Waited: _waited,
    t.Left: _left,
    t.Vanished: _vanished,
    t.Accepted: _accepted,
    t.Refused: _refused,
    t.Undelivered: _undelivered,
    t.Answered: _answered,
    t.Closed: _closed,
    t.Dropped: _dropped,
    t.Returned: _returned,
    t.Raised: _raised,
    t.Stuck: _stuck,
    t.Violated: _violated,
    t.Blocked: _blocked,
    t.Flooded: _flooded,
    t.TaskFailed: _task_failed,
    t.TaskLeft: _task_left,
    t.LoopError: _loop_error,
    t.Logged: _logged,
    t.Requested: _requested,
    t.Responded: _responded,
}
