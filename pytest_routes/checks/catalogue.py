"""Every check, once: what it finds, why that matters, what to do about it.

The order is from the most telling to the least: where one conversation gives several
findings, the check that stands first here is reported first.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_routes.checks.finding import Severity

CheckKind: TypeAlias = Literal["websocket", "http"]

BOTH: tuple[CheckKind, ...] = ("websocket", "http")
WEBSOCKET: tuple[CheckKind, ...] = ("websocket",)
HTTP: tuple[CheckKind, ...] = ("http",)


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the catalogue."""

    name: str
    severity: Severity
    """The default."""
    kinds: tuple[CheckKind, ...]
    """The kinds of route that it looks at."""
    meaning: str
    """When it is found, in one line."""
    matters: str
    """What it does to a real server and its clients."""
    fix: str
    """What the application's author can do."""

    def silence(self, kind: CheckKind) -> str:
        """What to write into `pyproject.toml` so that it is not looked for."""
        return f'[tool.pytest-routes.{kind}.checks]\n{self.name} = "off"'


CHECKS: tuple[Check, ...] = (
    Check(
        "message_handler_error",
        "error",
        WEBSOCKET,
        "the handler raised, or the server closed with 1011 (Litestar: 4500), while a client "
        "was connected",
        "The server logs a traceback and drops the connection; the client sees 1006 or 1011 "
        "and does not learn what was wrong with its message.",
        "Validate what was received before using it; answer a bad message with an error "
        "message, or close with a code that says why (1003, 1007, 1008, 4000-4999).",
    ),
    Check(
        "handler_error",
        "error",
        HTTP,
        "an exception escaped from the handler, or its framework hid one behind a 500",
        "The client gets a 500 for a request that the server should have understood or refused.",
        "Validate the request, or turn the exception into an answer of its own (a 4xx when the "
        "request is at fault).",
    ),
    Check(
        "connection_error",
        "error",
        WEBSOCKET,
        "the handler raised or returned before accepting or refusing",
        "The handshake fails with an HTTP error that says nothing; no client ever connects with "
        "these parameters.",
        "Accept or close on every path through the handler, its dependencies and its middleware.",
    ),
    Check(
        "shutdown_error",
        "error",
        WEBSOCKET,
        "the handler raised because the client left, other than by its framework's disconnect "
        "exception",
        "Clients leave all the time: each time the server logs a traceback, and the cleanup "
        "after the failing line does not run.",
        "Leave the loop on the disconnect exception, and make the cleanup safe to run at any "
        "moment, twice, and without a client.",
    ),
    Check(
        "blocked_event_loop",
        "error",
        BOTH,
        "synchronous code held the event loop",
        "While it runs, no other client of the whole server process is served and no timer fires.",
        "Use the asynchronous counterpart (asyncio.sleep, an async driver), or run the call in "
        "a thread (asyncio.to_thread, anyio.to_thread.run_sync).",
    ),
    Check(
        "protocol_violation",
        "error",
        BOTH,
        "a rule of the ASGI specification, RFC 6455 or RFC 9110 was broken",
        "Servers answer it differently: an exception in one, a dropped connection or a corrupt "
        "frame in another.",
        "Send only the events that the rule allows at this point; the rule is named in the "
        "finding.",
    ),
    Check(
        "subprotocol_mismatch",
        "error",
        WEBSOCKET,
        "a subprotocol was accepted that was not offered",
        "A browser must fail the connection when the server picks a subprotocol that it did "
        "not offer (RFC 6455, 4.1).",
        'Accept with a member of scope["subprotocols"], or with none.',
    ),
    Check(
        "invalid_close",
        "error",
        WEBSOCKET,
        "a reserved or illegal close code, or a reason of more than 123 bytes",
        "The close frame cannot be sent: the server raises in the handler or drops the "
        "connection, and the client sees 1006 (RFC 6455, 5.5 and 7.4).",
        "Close with 1000-1003, 1007-1014 or 3000-4999, and cut the reason to 123 bytes of UTF-8.",
    ),
    Check(
        "connection_timeout",
        "error",
        WEBSOCKET,
        "the handler neither accepted nor refused in `connection_timeout`",
        "The client hangs in its handshake until it or a proxy gives up, and the server keeps "
        "the half-open connection.",
        "Accept or close before waiting for anything that may never come.",
    ),
    Check(
        "message_timeout",
        "error",
        WEBSOCKET,
        "a message was taken, and the handler cannot read the next one in `message_timeout`, "
        "nor sends anything",
        "One message silences the connection for good: it stays open, but nothing that the "
        "client says is heard.",
        "Put a time-out around what the handler waits for, or wait for it in a task of its own.",
    ),
    Check(
        "response_timeout",
        "error",
        HTTP,
        "the request was not answered in time, or its response never ended",
        "The client waits until it or a proxy gives up, and the server keeps the request's "
        "resources.",
        "Put a time-out around what the handler waits for.",
    ),
    Check(
        "shutdown_timeout",
        "error",
        WEBSOCKET,
        "the handler still runs after the client left and time ran out",
        "Every client that ever connected leaves a running handler behind: memory grows, and "
        "the server cannot shut down.",
        "Read in a task beside what the handler waits for, and end when the disconnect arrives.",
    ),
    Check(
        "server_error",
        "error",
        HTTP,
        "a 5xx answer without an exception (501, and 503 with Retry-After, are not counted)",
        "A 5xx says that the server is at fault; monitoring counts it, and clients retry.",
        "Answer a bad request with a 4xx, and what is temporarily impossible with 503 and "
        "Retry-After.",
    ),
    Check(
        "response_mismatch",
        "error",
        BOTH,
        "an answer does not fit the type that the route declares for it",
        "Clients are generated from, or written after, the declared type and fail on the answer.",
        "Return what is declared, or declare what is returned.",
    ),
    Check(
        "auth_bypass",
        "error",
        BOTH,
        "a route in `auth.required` accepts without credentials",
        "Anyone can use the route.",
        "Refuse before anything is read or sent: HTTP 401 or 403, or a close before or right "
        "after accepting.",
    ),
    Check(
        "message_flood",
        "warn",
        WEBSOCKET,
        "one message is answered without an end: over 10,000 messages or 64 MiB before the "
        "handler reads again, with no time passing",
        "One client can keep the server busy and fill the memory between it and the client.",
        "Bound what one message can ask for, and let time or the client's reading pace the answer.",
    ),
    Check(
        "collateral_disconnect",
        "warn",
        WEBSOCKET,
        "one client leaving ended another client's connection",
        "Sending to a client that has gone raises in the handler that sends: a healthy client "
        "is disconnected because of somebody else.",
        "Catch the exception of each send of a broadcast, and forget the client that is gone.",
    ),
    Check(
        "unexpected_frame",
        "warn",
        WEBSOCKET,
        "a frame of a kind that the handler does not read (binary for text, text that is not "
        "JSON) crashes it",
        "Any client can have a traceback logged, and is dropped with 1006 where 1003 or 1007 "
        "would have told it why.",
        "Catch the exception of the read and close with 1003 (wrong kind) or 1007 (undecodable).",
    ),
    Check(
        "leaked_task",
        "warn",
        BOTH,
        "a task that was started for a connection or a request lives on after it",
        "Tasks pile up, one for each client that ever connected, and hold what they refer to.",
        "Cancel and await it in a finally clause, or start it in a task group that ends with "
        "the handler.",
    ),
    Check(
        "leaked_connection",
        "warn",
        WEBSOCKET,
        "most connections of a route are still referenced after they ended",
        "Memory grows with every client, and a broadcast goes on sending to those who have left.",
        "Remove the connection from what holds it in a finally clause.",
    ),
    Check(
        "logged_exception",
        "warn",
        BOTH,
        "the application logged an exception at ERROR, or left one to the event loop's "
        "exception handler, while it was tested",
        "Something failed, and no client was told.",
        "Handle the exception where it is raised; log what is expected below ERROR.",
    ),
    Check(
        "origin_unchecked",
        "off",
        WEBSOCKET,
        "a handshake with cookies and a foreign `Origin` is accepted",
        "Any web page can open the connection with the cookies of its visitor: browsers do not "
        "apply the same-origin policy to WebSockets (RFC 6455, 10.2).",
        "Compare the Origin header with the hosts that are served before accepting.",
    ),
)

CATALOGUE: Mapping[str, Check] = MappingProxyType({check.name: check for check in CHECKS})


def default_severities(kind: CheckKind) -> dict[str, Severity]:
    """The default severity of each check that looks at routes of this kind."""
    return {check.name: check.severity for check in CHECKS if kind in check.kinds}
