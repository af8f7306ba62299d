"""The first part of a search: runs all sequences, raises nothing, and notes what is found.

The sequences are made by a pseudo-random generator with a seed for each, so that they are the
same on every machine and with every version of Hypothesis. What only Hypothesis can make (values
of strategies that users have registered) is drawn by Hypothesis, in batches with a seed each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.choices import ContinuedChoices, KnownChoices, OnlyDrawn, RandomChoices
from pytest_routes.search.found import LONG, Found, Source, Stop, Stopped
from pytest_routes.search.history import History
from pytest_routes.search.randomness import seeded
from pytest_routes.search.trails import Trails
from pytest_routes.simulator.transcript import Blocked, Stuck

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.checks.finding import Finding
    from pytest_routes.search.found import Judge, SearchResult, Trial
    from pytest_routes.simulator.transcript import Transcript

# The first sequence that takes long in real time may be the one that opens a pool or loads a model
# for all that follow. The second is the last one, as is one that takes very long, or whose finding
# tells what took so long (a blocked loop, a hang outside of the loop).
_VERY_LONG = 10.0
# So many requests are made where nothing about them can be chosen.
_ALIKE = 20
# From this sequence on every other one begins as an earlier one did: see `trails.py`.
_ALL_NEW = 40
# From the first of these sequences on each so-many-th has two clients say at once what one has said
# in an earlier sequence; in each so-many-th of them the other one says something else.
_FIRST_RACE = 21
_RACES = 6
_OTHERWISE = 2
# A stateful application may react in another way to what Hypothesis takes for the same
# conversation; it then gives up the batch, and the rest is drawn from other seeds.
_FRUITLESS_BATCHES = 20


class Survey:
    """Runs sequences and keeps each distinct finding with the first sequence that shows it."""

    def __init__(
        self,
        trial: Trial,
        judge: Judge,
        observe: Callable[[Transcript], None],
        result: SearchResult,
    ) -> None:
        self._trial = trial
        self._judge = judge
        self._observe = observe
        self._result = result
        self._known: dict[tuple[str, ...], Found] = {}
        self._weights: dict[tuple[str, ...], tuple[int, int]] = {}
        """Of the shortest sequence that shows each."""
        self._history = History()
        self._trails = Trails()
        self._slow = 0
        self._over = False
        self._explained = False
        """A finding tells why the search is over."""
        self._skips = 0
        """How many of the next examples are known: each batch begins with the simplest."""

    def run(self, examples: int, seed: int) -> None:
        try:
            self._choose(examples, seed)
        except OnlyDrawn:
            self._draw(examples, seed)
        result = self._result
        if self._over and not self._explained and result.sequences < examples:
            result.stopped = Stopped(examples, result.runtimes[-1])

    def _choose(self, examples: int, seed: int) -> None:
        result = self._result
        alike = 0
        while result.sequences < examples and not self._over and alike < _ALIKE:
            own_seed = seed + result.sequences
            choices = self._choices(own_seed)
            with seeded(own_seed):
                transcript = self._trial(choices)
            self._trails.note(transcript, choices.made, choices.positions)
            alike = 0 if choices.chosen else alike + 1
            self._note(transcript, Source(own_seed, choices.made))

    def _choices(self, seed: int) -> RandomChoices | KnownChoices | ContinuedChoices:
        done = self._result.sequences
        beginning = None
        if not done:
            return KnownChoices()
        if done >= _FIRST_RACE and done % _RACES == _FIRST_RACE % _RACES:
            beginning = self._trails.race(same=done // _RACES % _OTHERWISE > 0)
        if beginning is None and done >= _ALL_NEW and done % 2 == 0:
            beginning = self._trails.follow(seed)
        return RandomChoices(seed) if beginning is None else ContinuedChoices(seed, beginning)

    def _draw(self, examples: int, seed: int) -> None:
        from pytest_routes.search.drawing import BATCH, draw

        result = self._result
        batch = fruitless = 0
        while result.sequences < examples and fruitless < _FRUITLESS_BATCHES and not self._over:
            before = result.sequences
            self._skips = int(before > 0)
            source = Source(seed + batch)

            def body(transcript: Transcript, source: Source = source) -> None:
                if self._skips:
                    self._skips -= 1
                    return
                self._note(transcript, source)
                if self._over:
                    raise Stop

            draw(self._trial, body, min(BATCH, examples - before + self._skips), source.seed)
            batch += 1
            fruitless = fruitless + 1 if result.sequences == before else 0

    def _note(self, transcript: Transcript, source: Source) -> None:
        result = self._result
        result.sequences += 1
        result.runtimes.append(transcript.seconds)
        self._observe(transcript)
        findings = self._judge(transcript)
        result.failing += any(finding.severity == "error" for finding in findings)
        for finding in findings:
            known = self._known.get(finding.key)
            if known is None:
                found = Found(
                    finding,
                    result.sequences,
                    source=source,
                    earlier=self._history.sequences(),
                )
                self._known[finding.key] = found
                result.found.append(found)
                self._weights[finding.key] = transcript.weight
            else:
                known.times += 1
                known.quickest = min(known.quickest, transcript.seconds)
                if source.made is not None and transcript.weight < self._weights[finding.key]:
                    self._weights[finding.key] = transcript.weight
                    known.shortest = source
        self._history.add(transcript)
        self._explained = any(map(_costs_real_time, findings))
        if transcript.seconds > LONG:
            self._slow += 1
            very_long = transcript.seconds > _VERY_LONG
            self._over = self._explained or very_long or self._slow > 1
        self._over |= transcript.first(Blocked) is not None


def _costs_real_time(finding: Finding) -> bool:
    """What waits for nothing that can come costs none: the clock jumps."""
    event = finding.event
    return isinstance(event, Blocked) or (isinstance(event, Stuck) and not event.proven)
