"""The two protocols as tables: what a client may say, and under which name.

What a server answers to a broken rule is a close code of the protocol, and right: 4400 invalid
message, 4401 unauthorized, 4408 initialisation timed out, 4409 identifier in use, 4429 too many
initialisations. The older protocol mostly answers with a message of type `error`.
"""

from __future__ import annotations

from dataclasses import dataclass

TRANSPORT = "graphql-transport-ws"
LEGACY = "graphql-ws"
SUBPROTOCOLS = (TRANSPORT, LEGACY)


@dataclass(frozen=True, slots=True)
class Protocol:
    """What a client says in one of the protocols."""

    name: str
    subscribe: str
    """Starts an operation; has an id and a payload."""
    complete: str
    """Ends an operation; has an id."""
    without_id: tuple[str, ...]
    """What may be said at any time and has neither id nor operation."""
    of_the_server: tuple[str, ...]
    """What only a server may say."""


PROTOCOLS = {
    TRANSPORT: Protocol(
        TRANSPORT,
        subscribe="subscribe",
        complete="complete",
        without_id=("ping", "pong"),
        of_the_server=("connection_ack", "next", "error"),
    ),
    LEGACY: Protocol(
        LEGACY,
        subscribe="start",
        complete="stop",
        without_id=("connection_terminate",),
        of_the_server=("connection_ack", "connection_error", "data", "error", "ka"),
    ),
}

INIT = "connection_init"

INIT_PAYLOADS: tuple[object, ...] = (
    {},
    {"authorization": "Bearer a"},
    {"token": ""},
    {"headers": {"Authorization": "a"}},
    None,
)
BROKEN_INIT_PAYLOADS: tuple[object, ...] = ("a", 0, [], True)

MALFORMED: tuple[object, ...] = (
    # What is no message of the protocol at all.
    {},
    [],
    None,
    "subscribe",
    0,
    {"type": "unknown"},
    {"type": None},
    {"type": 0},
    {"type": []},
    {"type": ""},
    {"id": "1"},
    {"payload": {}},
    {"type": "subscribe"},
    {"type": "start"},
    {"type": "subscribe", "id": "1"},
    {"type": "start", "id": "1"},
    {"type": "subscribe", "payload": {"query": "{ __typename }"}},
    {"type": "start", "payload": {"query": "{ __typename }"}},
    {"type": "complete"},
    {"type": "stop"},
    {"type": "ping", "payload": "a"},
    {"type": "pong", "payload": []},
)
IDENTIFIERS: tuple[object, ...] = ("1", "2", "3", "a", "é", "", "1" * 200)
BROKEN_IDENTIFIERS: tuple[object, ...] = (None, 1, [], {}, True)
