"""Connections that were accepted and closed at once: a refusal with a code that a browser sees.

The close code of a refused handshake never reaches a browser, so many handlers accept first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Left,
    Taken,
    Told,
    Vanished,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.simulator.transcript import Transcript

_POLICY_VIOLATION = 1008
# Registered with IANA for "unauthorized" and "forbidden", and what applications take for them.
_NOT_ALLOWED = frozenset({_POLICY_VIOLATION, 3000, 3003, 4001, 4003, 4401, 4403})
# Codes of libraries and of applications; those below say how the connection itself ended.
_OF_APPLICATIONS = range(3000, 5000)


def unserved(transcript: Transcript) -> Iterator[Closed | None]:
    """One for each accepted connection whose messages, if any, nobody took.

    How the application turned the client away; None: the client had gone before it could.
    """
    untouched: dict[int, bool] = {}
    """By client: whether nothing was said to it either."""
    for event in transcript.events:
        if isinstance(event, Accepted):
            untouched[event.client] = True
        elif event.client not in untouched:
            continue
        elif isinstance(event, Taken):
            del untouched[event.client]
        elif isinstance(event, Answered):
            untouched[event.client] = False
        elif isinstance(event, Left | Vanished | Told):
            # From now on a message that was sent before may still be taken.
            if not _takes_later(transcript, event):
                yield None
            del untouched[event.client]
        elif isinstance(event, Closed) and _refuses(
            event.code, said_nothing=untouched.pop(event.client)
        ):
            yield event


def _takes_later(transcript: Transcript, event: Left | Vanished | Told) -> bool:
    return transcript.first(Taken, event.client) is not None


def _refuses(code: int, *, said_nothing: bool) -> bool:
    """A feed may say all it has and then close with a code of its own."""
    return code in _NOT_ALLOWED or (said_nothing and code in _OF_APPLICATIONS)
