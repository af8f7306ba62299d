"""How real servers differ where the ASGI specification leaves it open.

Read from the sources and behaviour of uvicorn 0.54, hypercorn 0.18 and daphne 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerProfile:
    """What an application sees of the server that runs it."""

    name: str
    spec_version: str
    both_keys: bool
    """`websocket.receive` carries `text` and `bytes`, one of them None."""
    tells_close_code: bool
    """`websocket.disconnect` carries the client's close code (otherwise always 1006)."""
    tells_close_reason: bool
    send_raises: bool
    """`send` raises an `OSError` after the client has gone (otherwise nothing happens)."""
    second_disconnect: int | None
    """The code of one more `websocket.disconnect` after the first."""
    denial_response: bool
    """The extension `websocket.http.response` is offered."""
    state: bool
    """`scope["state"]` carries the lifespan's state."""
    kills_after: float | None
    """Seconds after the client has gone until the application is cancelled."""
    crash_code: int
    """What the client sees when the application ends by an exception."""
    return_code: int
    """What the client sees when the application returns without closing."""


PROFILES: dict[str, ServerProfile] = {
    "uvicorn": ServerProfile(
        name="uvicorn",
        spec_version="2.4",
        both_keys=False,
        tells_close_code=True,
        tells_close_reason=True,
        send_raises=True,
        second_disconnect=1005,
        denial_response=True,
        state=True,
        kills_after=None,
        crash_code=1006,
        return_code=1006,
    ),
    "hypercorn": ServerProfile(
        name="hypercorn",
        spec_version="2.3",
        both_keys=True,
        tells_close_code=False,
        tells_close_reason=False,
        send_raises=False,
        second_disconnect=None,
        denial_response=True,
        state=True,
        kills_after=None,
        crash_code=1011,
        return_code=1011,
    ),
    "daphne": ServerProfile(
        name="daphne",
        spec_version="2.0",
        both_keys=False,
        tells_close_code=True,
        tells_close_reason=False,
        send_raises=False,
        second_disconnect=None,
        denial_response=False,
        state=False,
        kills_after=10.0,
        crash_code=1011,
        return_code=1006,
    ),
}
