"""Connections that are still referenced after they ended, judged for a whole route."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_routes.checks.course import Course
from pytest_routes.simulator.transcript import Opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.checks.context import Context
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Transcript

_FEWEST = 3
"""Of one or two connections, one may well be kept on purpose: the latest."""


def leaked_connection(
    transcript: Transcript, context: Context, *, ended: int, kept: Sequence[str]
) -> Finding | None:
    """A finding when most of the `ended` connections of a route are still alive.

    `kept` has one entry for each connection that is: what holds it, or an empty string when
    that could not be told. `transcript` is of one of the conversations.
    """
    opened = transcript.first(Opened)
    if opened is None or len(kept) < _FEWEST or 2 * len(kept) <= ended:
        return None
    holders = [name for name, _ in Counter(name for name in kept if name).most_common(2)]
    by = " and ".join(holders)
    return Course(transcript, context).finding(
        "leaked_connection",
        opened,
        message="Connections are still referenced"
        + (f" by {by}" if by else "")
        + " after they ended",
        expected="Connections to be forgotten when they end",
        actual=f"{len(kept):,} of {ended:,} connections are still alive"
        + (f", held by {by}" if by else ""),
        key=tuple(holders[:1]),
    )
