"""Searches one route for bugs: runs what Hypothesis draws, then shrinks what was found.

The search has two parts. First all sequences are run and judged, and nothing is raised: so
the number of sequences is the one that was asked for, and a bug does not hide the next one.
They are drawn in batches with a seed each. Then each distinct finding is hunted for on its
own: the seed of its batch draws the same sequences, only that finding fails, and Hypothesis
shrinks it to the shortest conversation that shows it.
"""

from __future__ import annotations

import hashlib
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException

from pytest_routes.generate.choices import Choices, HypothesisChoices
from pytest_routes.simulator import stopwatch
from pytest_routes.simulator.transcript import Blocked

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Transcript

Trial: TypeAlias = "Callable[[Choices], Transcript]"
"""Runs one conversation, or one request, made of the given choices."""
Judge: TypeAlias = "Callable[[Transcript], list[Finding]]"
Matching: TypeAlias = "Callable[[Transcript], Finding | None]"
"""The finding in a transcript that is the one searched for, if it is there."""
Shorten: TypeAlias = "Callable[[Finding, Matching], Finding]"
"""Shortens a finding by running parts of its recorded conversation again."""
Confirm: TypeAlias = "Callable[[Finding, Matching], bool]"
"""Whether a finding stands up to being looked at in another way."""

# A sequence that took this long in real time (a blocked loop, a hang outside of the loop) is
# not run a hundred times more to make it shorter.
_EXPENSIVE = 0.5
_FAR_TOO_EXPENSIVE = 5 * _EXPENSIVE
# What is done for the first time, or interrupted by the machine, takes long once.
_EXPENSIVE_RUNS = 2
# Hypothesis tries long after it has found the shortest, to be sure of it. What it leaves out
# are steps that could be dropped, and those are tried on the recorded conversation as well.
# These bounds are counts, so that a slow machine ends at the same conversation as a fast one;
# only an application that is slow itself meets the bound in seconds.
_MOST_TRIES = 600
_TRIES_IN_VAIN = 150
_SHRINK_SECONDS = 20.0


@dataclass(slots=True)
class Found:
    """A finding with the shortest transcript that shows it."""

    finding: Finding
    sequence: int
    """In which sequence it was first seen, counted from 1."""
    times: int = 1
    """In how many sequences it was seen."""
    shrunk: bool = True
    """False when the search gave up on making it shorter."""
    seed: int = 0
    """Of the batch of sequences in which it was first seen."""
    alone: bool = True
    """False when it needs what earlier sequences have left behind in the application."""


@dataclass(slots=True)
class SearchResult:
    sequences: int = 0
    found: list[Found] = field(default_factory=list)
    seconds: float = 0.0
    """Real time."""


class _Drawn:
    """What Hypothesis draws; it shows everything that it draws, and a transcript is long."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002
        printer.text("a conversation")


class _Stop(BaseException):
    """Ends a Hypothesis run at once; no `Exception`, so that it is not taken for a failure."""


class _Shown(Exception):
    """The finding that is hunted for was seen."""


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
) -> SearchResult:
    """Run `examples` sequences and return each distinct finding at its shortest.

    `observe` is told of every transcript of the first part, for the counts of the summary.
    """
    result = SearchResult()
    began = time.monotonic()
    survey = _Survey(judge, observe, result)
    batch = stalled = 0
    while result.sequences < examples and stalled < 20 and not survey.over:
        # A stateful application may react in another way to what Hypothesis takes for the same
        # conversation; it then gives up the batch, and the rest is drawn from other seeds.
        before = result.sequences
        survey.begin(seed + batch, again=batch > 0)
        _run(trial, survey, min(_BATCH, examples - before + survey.skips), seed + batch, _GENERATE)
        batch += 1
        stalled = stalled + 1 if result.sequences == before else 0
    for found in list(result.found):
        matching = _matching(judge, found.finding.key)
        if found.finding.check in _RECURRING and found.times < min(2, result.sequences):
            result.found.remove(found)
            continue
        _hunt(found, trial, matching, shorten)
        if not confirm(found.finding, matching):
            result.found.remove(found)
    result.seconds = time.monotonic() - began
    return result


# From its tenth example on, Hypothesis follows each one with up to five that repeat a part of
# it in another place. That suits data; of conversations, four out of five would then say what
# the one before has said, and bugs are found three times as late. So it never gets that far.
_BATCH = 9
# What is started once, for all connections, is no leak of the first one.
_RECURRING = frozenset({"leaked_task"})
_GENERATE = (Phase.generate,)
_SHRINK = (Phase.generate, Phase.shrink)


def _run(
    trial: Trial,
    body: Callable[[Transcript], None],
    examples: int,
    seed: int,
    phases: tuple[Phase, ...],
) -> bool:
    """Run a Hypothesis test; True when `body` has raised `_Shown`."""

    @st.composite
    def sequences(draw: Any) -> _Drawn:
        # Hypothesis warns of strategies that use `random`; here it is the application that does.
        state = random.getstate()
        try:
            return _Drawn(trial(HypothesisChoices(draw)))
        finally:
            random.setstate(state)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        stateful_step_count=50,
    )
    @hypothesis.given(sequences())
    def test(drawn: _Drawn) -> None:
        body(drawn.transcript)

    try:
        test()
    except _Shown:
        return True
    except (_Stop, Flaky):
        return False
    except HypothesisException:
        if phases is _SHRINK:
            return False
        raise
    return False


class _Survey:
    """The first part: runs everything, raises nothing."""

    def __init__(
        self, judge: Judge, observe: Callable[[Transcript], None], result: SearchResult
    ) -> None:
        self.over = False
        self._judge = judge
        self._observe = observe
        self._result = result
        self._seen: dict[tuple[str, ...], Found] = {}
        self._seed = 0
        self.skips = 0
        """How many of the next examples are known: each batch begins with the simplest."""

    def begin(self, seed: int, *, again: bool) -> None:
        self._seed = seed
        self.skips = int(again)

    def __call__(self, transcript: Transcript) -> None:
        if self.skips:
            self.skips -= 1
            return
        result = self._result
        result.sequences += 1
        self._observe(transcript)
        for finding in self._judge(transcript):
            known = self._seen.get(finding.key)
            if known is None:
                found = Found(finding, result.sequences, seed=self._seed)
                self._seen[finding.key] = found
                result.found.append(found)
            else:
                known.times += 1
        if transcript.first(Blocked) is not None or transcript.seconds > _FAR_TOO_EXPENSIVE:
            self.over = True
            raise _Stop


def _matching(judge: Judge, key: tuple[str, ...]) -> Matching:
    return lambda transcript: next((each for each in judge(transcript) if each.key == key), None)


def _hunt(found: Found, trial: Trial, matching: Matching, shorten: Shorten) -> None:
    """Replace a finding by the shortest one of the same kind that can be had."""
    if found.finding.transcript.seconds < _FAR_TOO_EXPENSIVE:
        shortest = _Shortest(matching)
        _run(trial, shortest, _BATCH, found.seed, _SHRINK)
        if shortest.finding is not None:
            found.finding = shorten(shortest.finding, matching)
            return
    found.finding = shorten(found.finding, matching)
    found.shrunk = False


class _Shortest:
    """The second part: raises for one finding, and keeps the last transcript that showed it."""

    def __init__(self, matching: Matching) -> None:
        self.finding: Finding | None = None
        self._matching = matching
        self._in_vain = self._tries = self._expensive = 0
        self._until = stopwatch.seconds() + _SHRINK_SECONDS

    def __call__(self, transcript: Transcript) -> None:
        finding = self._matching(transcript)
        if finding is None:
            if self.finding is not None:
                self._tries += 1
                self._in_vain += 1
                self._stop_when_enough()
            return
        self._tries += 1
        self._in_vain = 0
        if self.finding is None or transcript.weight <= self.finding.transcript.weight:
            self.finding = finding
        self._stop_when_enough()
        self._expensive += transcript.seconds > _EXPENSIVE
        if self._expensive >= _EXPENSIVE_RUNS:
            raise _Stop
        raise _Shown

    def _stop_when_enough(self) -> None:
        if (
            self._in_vain > _TRIES_IN_VAIN
            or self._tries > _MOST_TRIES
            or stopwatch.seconds() > self._until
        ):
            raise _Stop
