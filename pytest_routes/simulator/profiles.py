"""How real servers differ where the ASGI specification leaves it open.

Measured on uvicorn 0.54 (with websockets 17, its default), hypercorn 0.18 and daphne 4.2:
`tests/fidelity` holds the simulator against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pytest_routes.simulator.rules import SENDABLE_CLOSE_CODES

Lapse: TypeAlias = Literal[
    "both text and bytes are sent: the bytes are",
    "neither text nor bytes is sent: nothing is",
    "a subprotocol is accepted that was not offered",
    "a subprotocol that is no text is sent as text",
    "headers of the handshake that are no bytes are left out",
    "an unknown event is left out",
    "a second close is left out",
    "any close code from 0 to 65535 is sent, also when it is given as text",
    "a close reason that is too long is cut",
    "a close reason that is no text is left out",
    "a response may be of another length than its Content-Length",
    "a second response is left out",
]
"""What an application may do against the rules without `send` raising."""


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """What an application sees of the server that runs it."""

    name: str
    spec_version: str | None
    http_spec_version: str | None
    lacks: frozenset[str]
    """Keys that the scope of a WebSocket does not have."""
    http_extensions: bool
    """`extensions`, which is empty, is in the scope of a request."""
    addresses_are_lists: bool
    """`client` and `server` in the scope are lists, as the specification says, not tuples."""
    state: bool
    """`scope["state"]` carries the lifespan's state."""
    denial_response: bool
    """The extension `websocket.http.response` is offered."""
    both_keys: bool
    """`websocket.receive` carries `text` and `bytes`, one of them None."""
    tells_close_code: bool
    """`websocket.disconnect` carries the client's close code (otherwise always 1006)."""
    tells_close_reason: bool
    """... and the reason of a close frame."""
    no_status_code: int | None
    """The code when the client's close frame has none."""
    lost_code: int
    """The code when an accepted connection is lost without a close frame."""
    refused_code: int
    """The code after the application has refused the handshake."""
    closed_code: int | None
    """The code after the application has closed (None: its own)."""
    second_disconnect: int | None
    """The code of one more `websocket.disconnect` after that of a close frame."""
    send_raises: bool
    """`send` raises an `OSError` after the client has gone (otherwise nothing happens). Of an
    HTTP response no server says so."""
    sends_empty: bool
    """A message without content is sent."""
    sends_reason: bool
    """The reason of the application's close is sent."""
    none_close_code: int | None
    """What is sent when the application closes with the code None (1005: a close frame without
    a code; None: `send` raises)."""
    unsendable_close_codes: frozenset[int]
    """Legal close codes that the server does not send: `send` raises."""
    disconnect_overtakes: bool
    """`http.disconnect` comes before a body that was not read, and as often as it is asked for."""
    kills_after: float | None
    """Seconds after the client has gone until the application is cancelled."""
    crash_code: int
    """What the client sees when the application ends by an exception."""
    return_code: int | None
    """What the client sees when the application returns without closing (None: nothing, the
    connection stays)."""
    tolerates: frozenset[Lapse]


PROFILES: dict[str, ServerProfile] = {
    "uvicorn": ServerProfile(
        name="uvicorn",
        spec_version="2.4",
        http_spec_version="2.3",
        lacks=frozenset(),
        http_extensions=False,
        addresses_are_lists=False,
        state=True,
        denial_response=True,
        both_keys=False,
        tells_close_code=True,
        tells_close_reason=True,
        no_status_code=1005,
        lost_code=1005,
        refused_code=1006,
        closed_code=None,
        second_disconnect=1005,
        send_raises=True,
        sends_empty=True,
        sends_reason=True,
        none_close_code=1005,
        unsendable_close_codes=frozenset(),
        disconnect_overtakes=True,
        kills_after=None,
        crash_code=1006,
        return_code=1006,
        tolerates=frozenset(
            {
                "both text and bytes are sent: the bytes are",
                "neither text nor bytes is sent: nothing is",
                "a subprotocol is accepted that was not offered",
                "a subprotocol that is no text is sent as text",
            }
        ),
    ),
    "hypercorn": ServerProfile(
        name="hypercorn",
        spec_version="2.3",
        http_spec_version="2.1",
        lacks=frozenset(),
        http_extensions=True,
        addresses_are_lists=False,
        state=True,
        denial_response=True,
        both_keys=True,
        tells_close_code=False,
        tells_close_reason=False,
        no_status_code=1006,
        lost_code=1006,
        refused_code=1000,
        closed_code=1000,
        second_disconnect=None,
        send_raises=False,
        sends_empty=True,
        sends_reason=True,
        none_close_code=None,
        unsendable_close_codes=frozenset(),
        disconnect_overtakes=False,
        kills_after=None,
        crash_code=1011,
        return_code=1011,
        tolerates=frozenset(
            {
                "both text and bytes are sent: the bytes are",
                "a second close is left out",
                "any close code from 0 to 65535 is sent, also when it is given as text",
                "a close reason that is too long is cut",
            }
        ),
    ),
    "daphne": ServerProfile(
        name="daphne",
        spec_version=None,
        http_spec_version=None,
        lacks=frozenset({"http_version", "scheme", "extensions"}),
        http_extensions=False,
        addresses_are_lists=True,
        state=False,
        denial_response=False,
        both_keys=False,
        tells_close_code=True,
        tells_close_reason=False,
        no_status_code=None,
        lost_code=1006,
        refused_code=1006,
        closed_code=None,
        second_disconnect=None,
        send_raises=False,
        sends_empty=False,
        sends_reason=False,
        none_close_code=1000,
        unsendable_close_codes=SENDABLE_CLOSE_CODES - {1000},
        disconnect_overtakes=False,
        kills_after=10.0,
        crash_code=1011,
        return_code=None,
        tolerates=frozenset(
            {
                "neither text nor bytes is sent: nothing is",
                "a subprotocol is accepted that was not offered",
                "headers of the handshake that are no bytes are left out",
                "an unknown event is left out",
                "a second close is left out",
                "a close reason that is too long is cut",
                "a close reason that is no text is left out",
                "a response may be of another length than its Content-Length",
                "a second response is left out",
            }
        ),
    ),
}
