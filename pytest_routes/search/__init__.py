"""Searches one route for bugs: runs what is drawn, then shrinks what was found.

The search has two parts. First all sequences are run and judged, and nothing is raised: so a bug
does not hide the next one (`survey.py`). Then each distinct finding is hunted for on its own: the
choices that its sequence was made of are shrunk to the shortest conversation that shows it
(`hunt.py`, `shrinking.py`).
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from pytest_routes.search.found import Found, Matching, SearchResult, Stopped
from pytest_routes.search.hunt import hunt
from pytest_routes.search.randomness import seeded
from pytest_routes.search.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices
    from pytest_routes.search.found import Confirm, Judge, Shorten, Trial
    from pytest_routes.simulator.transcript import Transcript

# What is started once, for all connections, is no leak of the first one.
_RECURRING = frozenset({"leaked_task"})


def item_seed(run_seed: int, route_id: str) -> int:
    """The seed of one route: the same for any selection, order or number of workers."""
    digest = hashlib.sha256(f"{run_seed}\0{route_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def search(
    trial: Trial,
    judge: Judge,
    shorten: Shorten,
    *,
    examples: int,
    seed: int,
    observe: Callable[[Transcript], None],
    confirm: Confirm = lambda finding, matching: True,  # noqa: ARG005
    shrink: bool = True,
) -> SearchResult:
    """Run `examples` sequences and return each distinct finding at its shortest.

    `observe` is told of every transcript of the first part, for the counts of the summary.
    Without `shrink` each finding stays as it was first seen.
    """
    result = SearchResult()
    began = time.monotonic()
    Survey(trial, judge, observe, result).run(examples, seed)
    surveyed = time.monotonic()

    def tried(choices: Choices) -> Transcript:
        result.shrinks += 1
        return trial(choices)

    for found in list(result.found):
        matching = _matching(judge, found.finding.key)
        if found.finding.check in _RECURRING and found.times < min(2, result.sequences):
            result.found.remove(found)
            continue
        if shrink:
            hunt(found, tried, matching, shorten)
        else:
            found.unshrunk = "unasked"
        with seeded(seed):
            confirmed = confirm(found.finding, matching)
        if not confirmed:
            result.found.remove(found)
    result.shrink_seconds = time.monotonic() - surveyed
    result.seconds = time.monotonic() - began
    return result


def _matching(judge: Judge, key: tuple[str, ...]) -> Matching:
    return lambda transcript: next((each for each in judge(transcript) if each.key == key), None)


__all__ = ["Found", "Matching", "SearchResult", "Stopped", "item_seed", "search"]
