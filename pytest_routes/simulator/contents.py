"""What is wrong with what an application's events carry: pure functions over their values.

Each returns what the server goes on with and, where a rule is broken, a `Problem`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_routes.simulator.rules import (
    MAX_REASON_BYTES,
    UNSENT_CLOSE_CODES,
    IllegalEvent,
    header_problem,
    is_sendable_close_code,
    is_utf8,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_routes.simulator.profiles import Lapse, ServerProfile


class Problem(NamedTuple):
    """A broken rule."""

    rule: str
    """A key of `RULES`."""
    detail: str
    """What was expected and what came."""
    lapse: Lapse | None = None
    """The server goes on if it tolerates this."""


def message_content(event: Mapping[str, Any]) -> tuple[str | bytes | None, Problem | None]:
    """The payload of a message (ASGI, Send - send event): bytes before text, None without one."""
    data: Any = event.get("bytes")
    text: Any = event.get("text")
    problem = None
    if data is not None and text is not None:
        lapse: Lapse = "both text and bytes are sent: the bytes are"
        problem = Problem("message_type", "both text and bytes are given", lapse)
    if data is not None:
        if not isinstance(data, (bytes, bytearray, memoryview)):
            detail = f"bytes is {data!r:.80} ({type(data).__name__})"
            return None, problem or Problem("message_type", detail)
        return bytes(data), problem
    if text is None:
        lapse = "neither text nor bytes is sent: nothing is"
        return None, Problem("message_type", "neither text nor bytes is given", lapse)
    if not isinstance(text, str):
        return None, Problem("message_type", f"text is {text!r:.80} ({type(text).__name__})")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            bad = text[error.start : error.end]
            detail = f"character {bad!a} at {error.start} is a lone surrogate"
            return None, Problem("text_not_utf8", detail)
    return text, None


def close_code(code: Any, profile: ServerProfile) -> tuple[int, Problem | None]:
    """The code of a close frame (RFC 6455, 7.4).

    Raises `IllegalEvent` for a legal code that the server does not send.
    """
    if code is None and profile.none_close_code is not None:
        return profile.none_close_code, None
    if is_sendable_close_code(code):
        if code in profile.unsendable_close_codes:
            raise IllegalEvent(f"{profile.name} does not send the close code {code}")
        return int(code), None
    detail = f"expected a code that may be sent, got {code!r}"
    try:
        number = int(code)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= 0xFFFF:
        return number, Problem("close_code", detail)
    lapse: Lapse = "any close code from 0 to 65535 is sent, also when it is given as text"
    sent = 1000 if number in UNSENT_CLOSE_CODES else number
    return sent, Problem("close_code", detail, lapse)


def close_reason(reason: Any) -> tuple[str, Problem | None]:
    """The reason of a close frame (RFC 6455, 5.5.1)."""
    if reason is None:
        return "", None
    wrong = None
    if not isinstance(reason, str):
        wrong = f"expected text, got {reason!r:.80}"
    elif not is_utf8(reason):
        wrong = f"{reason!a:.80} has a lone surrogate"
    if wrong is not None:
        lapse: Lapse = "a close reason that is no text is left out"
        return "", Problem("close_reason", wrong, lapse)
    data = reason.encode()
    if len(data) <= MAX_REASON_BYTES:
        return str(reason), None
    lapse = "a close reason that is too long is cut"
    problem = Problem("close_reason", f"the reason has {len(data)} bytes", lapse)
    return data[:MAX_REASON_BYTES].decode(errors="ignore"), problem


class Denial:
    """The HTTP response with which an application refuses a handshake (ASGI, WebSocket Denial
    Response)."""

    __slots__ = ("_parts", "over", "status")

    def __init__(self) -> None:
        self.status = 403
        self.over = False
        """The last part of the body has come."""
        self._parts: list[bytes] = []

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)

    def start(self, event: Mapping[str, Any]) -> Problem | None:
        """Take `websocket.http.response.start`."""
        status: Any = event.get("status")
        if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
            return Problem("status_code", f"got {status!r}")
        problem = header_problem(event.get("headers") or ())
        if problem is not None:
            return Problem(*problem)
        self.status = status
        return None

    def go_on(self, event: Mapping[str, Any]) -> Problem | None:
        """Take `websocket.http.response.body`."""
        body = event.get("body", b"")
        if not isinstance(body, (bytes, bytearray, memoryview)):
            return Problem("body_type", f"got {body!r:.80} ({type(body).__name__})")
        self._parts.append(bytes(body))
        self.over = not event.get("more_body", False)
        return None
