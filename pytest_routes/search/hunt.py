"""The second part of a search: makes the conversation that shows a finding the shortest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.search.found import LONG, Shown, Stop
from pytest_routes.search.randomness import seeded
from pytest_routes.search.shrinking import Shrinker
from pytest_routes.simulator.stopwatch import Stopwatch
from pytest_routes.simulator.transcript import Blocked

if TYPE_CHECKING:
    from pytest_routes.checks.finding import Finding
    from pytest_routes.generate.choices import KnownChoices, Made
    from pytest_routes.search.found import Found, Matching, Shorten, Source, Trial
    from pytest_routes.simulator.transcript import Transcript

# A sequence that took this long in real time is not run many times more. What is done for the
# first time, or interrupted by the machine, takes long once.
_EXPENSIVE = 0.5
_EXPENSIVE_RUNS = 2
# These bounds are counts, so that a slow machine ends at the same conversation as a fast one;
# only an application that is slow itself meets the bound in seconds.
_MOST_TRIES = 2_000
_TRIES_IN_VAIN = 600
_SHRINK_SECONDS = 20.0


def hunt(found: Found, trial: Trial, matching: Matching, shorten: Shorten) -> None:
    """Replace a finding by the shortest one of the same kind that can be had."""
    affordable = _is_affordable(found)
    if affordable:
        # What was seen first may need less of what earlier sequences have left behind.
        for source in filter(None, (found.shortest, found.source)):
            shortest = _shortest_of(source, trial, matching)
            if shortest is not None:
                with seeded(source.seed):
                    found.finding = shorten(shortest, matching, False)
                return
    seed = 0 if found.source is None else found.source.seed
    # It is not shown by what it was drawn from, or takes too long to be drawn many times.
    recorded = found.finding
    with seeded(seed):
        found.finding = shorten(recorded, matching, affordable)
    if found.finding is recorded:
        found.unshrunk = "gone" if affordable else "slow"


def _shortest_of(source: Source, trial: Trial, matching: Matching) -> Finding | None:
    if source.made is None:
        return _shortest_drawn(trial, matching, source.seed)
    return _shortest_made(source.made, trial, matching, source.seed)


def _is_affordable(found: Found) -> bool:
    """Whether it can be had a hundred times: not what blocks the loop or hangs outside of it."""
    transcript = found.finding.transcript
    return transcript.first(Blocked) is None and min(found.quickest, transcript.seconds) < LONG


def _shortest_made(made: Made, trial: Trial, matching: Matching, seed: int) -> Finding | None:
    bounds = _Bounds()

    def play(choices: KnownChoices) -> Finding | None:
        with seeded(seed):
            transcript = trial(choices)
        finding = matching(transcript)
        bounds.count(transcript, shown=finding is not None)
        return finding

    return Shrinker(made, play, lambda: bounds.reached).run()


def _shortest_drawn(trial: Trial, matching: Matching, seed: int) -> Finding | None:
    """Raises in Hypothesis's test for the finding, and keeps the shortest."""
    from pytest_routes.search.drawing import draw_shortest

    bounds = _Bounds()
    best: Finding | None = None

    def body(transcript: Transcript) -> None:
        nonlocal best
        finding = matching(transcript)
        if finding is not None or best is not None:
            bounds.count(transcript, shown=finding is not None)
        if finding is not None and (best is None or transcript.weight <= best.transcript.weight):
            best = finding
        if bounds.reached:
            raise Stop
        if finding is not None:
            raise Shown

    draw_shortest(trial, body, seed)
    return best


class _Bounds:
    """How much is spent on one finding."""

    def __init__(self) -> None:
        self._tries = self._in_vain = self._expensive = 0
        self._stopwatch = Stopwatch()
        self._until = self._stopwatch.seconds() + _SHRINK_SECONDS

    def count(self, transcript: Transcript, *, shown: bool) -> None:
        self._tries += 1
        self._in_vain = 0 if shown else self._in_vain + 1
        self._expensive += shown and transcript.seconds > _EXPENSIVE

    @property
    def reached(self) -> bool:
        return (
            self._in_vain > _TRIES_IN_VAIN
            or self._tries > _MOST_TRIES
            or self._expensive >= _EXPENSIVE_RUNS
            or self._stopwatch.seconds() > self._until
        )
