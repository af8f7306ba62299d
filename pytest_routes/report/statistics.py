"""What `--hypothesis-show-statistics` says of a route, in the words of Hypothesis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pytest_routes.report.literals import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.report.result import RouteResult

_MILLISECONDS = 1000
# Hypothesis leaves out the fastest and the slowest twentieth.
_ORDINARY = 20


def statistics_text(
    result: RouteResult,
    *,
    runtimes: Sequence[float],
    failing: int,
    shrinks: int,
    shrink_seconds: float,
    max_examples: int,
) -> str:
    """`runtimes`: seconds of each sequence or request; `failing`: how many of them failed."""
    lines = [f"{result.nodeid}:", ""]
    if result.replayed:
        again = [each for each in result.failures if each.saved]
        lines += [
            "  - during reuse phase:",
            f"    - {count(result.replayed, 'saved failure')} had again, "
            f"{len(again)} of them not found by this seed",
            "",
        ]
    if runtimes:
        lines += [
            f"  - during generate phase ({sum(runtimes):.2f} seconds):",
            f"    - Typical runtimes: {_typical(runtimes)}",
            f"    - {len(runtimes) - failing} passing examples, {failing} failing examples, "
            "0 invalid examples",
            f"    - Found {count(_distinct(result), 'distinct error')} in this phase",
            "",
        ]
    if shrinks:
        lines += [
            f"  - during shrink phase ({shrink_seconds:.2f} seconds):",
            f"    - Tried {count(shrinks, 'shorter conversation')}"
            if result.kind == "websocket"
            else f"    - Tried {count(shrinks, 'simpler request')}",
            "",
        ]
    return "\n".join([*lines, f"  - Stopped because {_reason(result, runtimes, max_examples)}"])


def _distinct(result: RouteResult) -> int:
    return sum(not each.saved for each in result.failures)


def _reason(result: RouteResult, runtimes: Sequence[float], max_examples: int) -> str:
    if not runtimes:
        return "nothing is generated"
    if result.stopped is not None:
        return f"it takes too long: {result.stopped}"
    if len(runtimes) < max_examples:
        return "nothing left to do"
    return f"settings.max_examples={max_examples}"


def _typical(runtimes: Sequence[float]) -> str:
    ordered = sorted(runtimes)
    low = math.floor(ordered[len(ordered) // _ORDINARY] * _MILLISECONDS)
    high = math.ceil(ordered[-1 - len(ordered) // _ORDINARY] * _MILLISECONDS)
    if high <= 1:
        return "< 1ms"
    return f"~ {high}ms" if low == high else f"~ {low}-{high} ms"
