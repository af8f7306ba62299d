"""The rules that an application can break, and the tables they are read from.

Each rule is named by a key; a `Violated` event carries it. Sources: the ASGI specification,
"HTTP & WebSocket ASGI Message Format" 2.5, RFC 6455 and RFC 9110.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# RFC 6455, 7.4.1 and the IANA registry of close codes: what an endpoint may put on the wire.
# 1004 has no meaning, 1005, 1006 and 1015 may never be sent.
SENDABLE_CLOSE_CODES = frozenset(
    {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014}
)
UNSENT_CLOSE_CODES = frozenset({1005, 1006, 1015})
# RFC 9110, 6.4.1 and 15.3.6: what follows the headers would be taken for the next response.
BODYLESS_STATUSES = frozenset({204, 205, 304})
# RFC 6455, 4.2.2 and RFC 9110, 8.6: with one of these twice, browsers fail the connection.
HANDSHAKE_HEADERS = frozenset(
    {
        b"connection",
        b"upgrade",
        b"sec-websocket-accept",
        b"sec-websocket-extensions",
        b"content-length",
        b"transfer-encoding",
    }
)
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
MAX_REASON_BYTES = 123  # RFC 6455, 5.5: a control frame's payload is at most 125 bytes


def is_sendable_close_code(code: object) -> bool:
    """Whether an endpoint may send this close code (RFC 6455, 7.4)."""
    if isinstance(code, bool) or not isinstance(code, int):
        return False
    return code in SENDABLE_CLOSE_CODES or 3000 <= code <= 4999


def is_utf8(text: str) -> bool:
    """Whether text can be sent: it has no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    text: str
    source: str


RULES: dict[str, Rule] = {
    "event_type": Rule(
        "an event is a dict whose `type` is one that this protocol knows",
        "ASGI, Applications",
    ),
    "event_order": Rule(
        "a WebSocket is accepted or refused first, then used, then closed once",
        "ASGI, WebSocket Accept - send event",
    ),
    "send_after_close": Rule(
        "nothing is sent on a connection that the application has closed",
        "ASGI, WebSocket Close - send event",
    ),
    "message_type": Rule(
        "a message carries `text` as str or `bytes` as bytes, and exactly one of them",
        "ASGI, WebSocket Send - send event",
    ),
    "text_not_utf8": Rule(
        "a text message can be encoded as UTF-8",
        "RFC 6455, 5.6",
    ),
    "close_code": Rule(
        "a close code is one that may be sent: 1000-1003, 1007-1014 or 3000-4999",
        "RFC 6455, 7.4",
    ),
    "close_reason": Rule(
        "a close reason is text of at most 123 bytes in UTF-8",
        "RFC 6455, 5.5",
    ),
    "subprotocol_not_offered": Rule(
        "an accepted subprotocol is one of those that the client offered",
        "RFC 6455, 4.2.2",
    ),
    "subprotocol_type": Rule(
        "a subprotocol is given as str or None",
        "ASGI, WebSocket Accept - send event",
    ),
    "header_type": Rule(
        "headers are pairs of bytes, names in lower case",
        "ASGI, WebSocket Accept and HTTP Response Start - send events",
    ),
    "header_value": Rule(
        "header names are tokens, and values contain no CR, LF or NUL and have no white space "
        "around them",
        "RFC 9110, 5.1 and 5.5",
    ),
    "header_subprotocol": Rule(
        "the subprotocol is given as `subprotocol`, not as a header",
        "ASGI, WebSocket Accept - send event",
    ),
    "handshake_header": Rule(
        "the headers of the handshake itself are the server's to send",
        "RFC 6455, 4.2.2",
    ),
    "status_code": Rule(
        "a response's status is an integer from 200 to 599: 1xx do not end a request",
        "ASGI, HTTP Response Start - send event; RFC 9110, 15.2",
    ),
    "body_type": Rule(
        "a response's body is given as bytes",
        "ASGI, HTTP Response Body - send event",
    ),
    "response_order": Rule(
        "a response is started once, then its body is sent, then it is complete",
        "ASGI, HTTP Response Start and Response Body - send events",
    ),
    "response_incomplete": Rule(
        "a response that was started is completed before the application returns",
        "ASGI, HTTP Response Body - send event",
    ),
    "content_length": Rule(
        "a response's body is as long as its Content-Length says",
        "RFC 9112, 6.3",
    ),
    "no_content": Rule(
        "a response with status 204, 205 or 304 has no body",
        "RFC 9110, 15.3.5, 15.3.6 and 15.4.5",
    ),
    "return_value": Rule(
        "an application returns None",
        "ASGI, Applications",
    ),
}


class ClientDisconnected(OSError):
    """Raised by `send` when the client has gone.

    The ASGI specification (2.4, "Disconnected Client - send exception") asks servers for a
    subclass of `OSError`.
    """


class IllegalEvent(RuntimeError):
    """Raised by `send` when the application sends what no server can take."""


def header_problem(headers: object) -> tuple[str, str] | None:
    """The rule that an event's `headers` break and how, or None."""
    if not isinstance(headers, Iterable):
        return "header_type", f"expected a list of pairs, got {headers!r:.80}"
    for pair in headers:
        try:
            name, value = pair
        except (TypeError, ValueError):
            return "header_type", f"expected a pair of name and value, got {pair!r:.80}"
        if not isinstance(name, bytes) or not isinstance(value, bytes):
            return "header_type", f"expected a pair of bytes, got {pair!r:.80}"
        if not _TOKEN.fullmatch(name):
            return "header_value", f"{name!r:.80} is no header name"
        if any(byte in b"\r\n\0" for byte in value) or value != value.strip(b" \t"):
            return "header_value", f"the value of {name.decode('latin-1')} is {value!r:.80}"
    return None


def normalised_headers(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    """Checked headers as servers send them: names in lower case."""
    return tuple((name.lower(), value) for name, value in headers)
