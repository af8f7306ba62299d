"""Connections that are still referenced after they ended, judged for a whole route."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pytest_routes.checks.course import Course
from pytest_routes.simulator.transcript import Opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.checks.context import Context
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Transcript

_FEWEST = 3
"""Of one or two connections, one may well be kept on purpose: the latest."""
_FEWEST_OF_A_KIND = 5
_NEARLY_ALL = 0.9


class Kept(NamedTuple):
    """Connections that ended in one way, and those of them that are still alive."""

    way: str
    """How they ended, e.g. `whose client vanished`; empty: in whatever way."""
    ended: int
    holders: Sequence[str]
    """One for each that is alive: what holds it, or an empty string when that is not known."""


def leaked_connection(
    transcript: Transcript, context: Context, kept: Sequence[Kept]
) -> Finding | None:
    """A finding when most connections of a route are still alive, or nearly all of those that
    ended in one way: an application may forget who says goodbye, and keep who does not.

    `kept`: all connections first, then by how they ended. `transcript` is of one of the
    conversations.
    """
    opened = transcript.first(Opened)
    found = next(filter(_is_leak, kept), None)
    return None if opened is None or found is None else _leak(transcript, context, opened, found)


def _is_leak(kept: Kept) -> bool:
    alive = len(kept.holders)
    if not kept.way:
        return alive >= _FEWEST and 2 * alive > kept.ended
    return alive >= _FEWEST_OF_A_KIND and alive >= _NEARLY_ALL * kept.ended


def _leak(transcript: Transcript, context: Context, opened: Opened, found: Kept) -> Finding:
    way, ended, kept = found
    holders = [name for name, _ in Counter(name for name in kept if name).most_common(2)]
    by = " and ".join(holders)
    return Course(transcript, context).finding(
        "leaked_connection",
        opened,
        message=f"Connections {way}".rstrip()
        + " are still referenced"
        + (f" by {by}" if by else "")
        + " after they ended",
        expected="Connections to be forgotten when they end",
        actual=f"{len(kept):,} of {ended:,} connections {way}".rstrip()
        + " are still alive"
        + (f", held by {by}" if by else ""),
        key=tuple(holders[:1]),
    )
