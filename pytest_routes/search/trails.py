"""Beginnings of conversations that are worth going on from.

What an application does only after three or four right messages is hardly reached by sequences
that each start anew. So what has got an answer that was not heard before is kept, without the
steps that were refused or only waited, and some of the later sequences begin with it. Only
answers tell: nothing of the application is traced.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pytest_routes.generate.refusals import sounds_like_refusal
from pytest_routes.generate.twins import twin
from pytest_routes.simulator.transcript import Answered, Opened, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_routes.generate.choices import Made
    from pytest_routes.simulator.transcript import Transcript

_Sketch: TypeAlias = frozenset[str]
"""What answers are like, whatever they are about: their words, in any order."""
_Heard: TypeAlias = tuple[frozenset[_Sketch], tuple[_Sketch, ...]]
"""All that a conversation was answered so far, in any order, and the last two of them."""

_MOST = 200
"""Trails that are kept."""
_LONGEST = 8
"""Steps of a trail, at most."""
_MOST_INSTANT = 5
"""Trails that took no time, and are led by two clients all the same."""
_HEARD = 20
"""Answers to a step that are looked at."""
_READ = 300
"""Characters of an answer that are looked at."""
_SHORT = 8
"""Bytes of an answer that are no text, at most."""
_SMALL = 4
"""Numbers in bytes that are unlike any other."""
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class _Trail:
    made: Made
    heard: _Heard
    late: bool
    """Time passed before the last step was answered: others could say something meanwhile. Where
    times are real, and the same in no two runs, it is taken for granted."""
    followed: int = 0


class Trails:
    """The beginnings of the sequences of one route."""

    def __init__(self) -> None:
        self._trails: list[_Trail] = []
        self._times: Counter[_Heard] = Counter()
        self._single: list[_Trail] = []
        """Those that were not yet led by two clients."""
        self._taking_time: deque[_Trail] = deque()
        """Of those that were, the ones that are late."""
        self._instant = 0
        """How many of the others were led by two clients."""
        self._meet = False
        """Conversations have several clients."""

    def follow(self, seed: int) -> Made | None:
        """What a sequence may begin with, if there is anything: rather what is long, was seldom
        heard and seldom followed."""
        if not self._trails:
            return None
        weights = [
            len(trail.made) / (self._times[trail.heard] * (1 + trail.followed))
            for trail in self._trails
        ]
        left = random.Random(seed).random() * sum(weights)
        chosen = self._trails[-1]
        for trail, weight in zip(self._trails, weights, strict=True):
            left -= weight
            if left < 0:
                chosen = trail
                break
        chosen.followed += 1
        return chosen.made

    def race(self, *, same: bool) -> Made | None:
        """A beginning whose last message two clients say at once.

        `same`: rather one that was not said at once before. Otherwise rather one that took time,
        and the other client says something else.
        """
        while self._meet:
            trail = None if same else self._one_that_took_time()
            trail, again = trail or self._single_one(), trail is not None
            if trail is None:
                trail, again = self._one_that_took_time(), True
            if trail is None:
                return None
            made = twin(trail.made, same=not again)
            if made is not None:
                if trail.late:
                    self._taking_time.append(trail)
                return made
        return None

    def _one_that_took_time(self) -> _Trail | None:
        return self._taking_time.popleft() if self._taking_time else None

    def _single_one(self) -> _Trail | None:
        """One that was not led by two clients: one that took time, or one of a few others."""
        trail = next((each for each in self._single if each.late), None)
        if trail is None and self._single and self._instant < _MOST_INSTANT:
            trail = self._single[0]
            self._instant += 1
        if trail is not None:
            self._single.remove(trail)
        return trail

    def note(self, transcript: Transcript, made: Made, positions: Sequence[int]) -> None:
        """Keep the beginnings of a sequence that led to what was not heard before.

        `positions` says how many events there were when each step but the first began.
        """
        if not self._meet:
            self._meet = any(isinstance(each, Opened) and each.client for each in transcript.events)
        kept = [made[0]]
        sketches: tuple[_Sketch, ...] = ()
        for step, reaction in zip(made[1:], _reactions(transcript, positions), strict=True):
            if reaction is None:
                continue
            kept.append(step)
            if len(kept) > _LONGEST or len(self._trails) == _MOST:
                break
            sketches = (*sketches, reaction.sketch)
            heard = frozenset(sketches), sketches[-2:]
            self._times[heard] += 1
            if self._times[heard] == 1:
                trail = _Trail(tuple(kept), heard, reaction.late)
                self._trails.append(trail)
                self._single.append(trail)


class _Reaction(NamedTuple):
    """How a step was answered."""

    sketch: _Sketch
    late: bool


def _reactions(transcript: Transcript, positions: Sequence[int]) -> Iterator[_Reaction | None]:
    """The reactions to each step; None where the step is not worth repeating."""
    events = transcript.events
    said: set[str] = set()
    for start, end in itertools.pairwise((*positions, len(events))):
        found: set[str] = set()
        worthwhile, late = False, transcript.real_time
        answers = 0
        for event in events[start:end]:
            if isinstance(event, Opened):
                worthwhile = True
            elif isinstance(event, Sent):
                worthwhile = True
                said.update(_words(event.message.data))
            elif isinstance(event, Answered) and answers < _HEARD:
                answers += 1
                late |= event.time > events[start].time
                if sounds_like_refusal(event.message.data):
                    worthwhile = False
                    break
                found.update(_said_in(event.message.data, said))
                found.add("")
        yield _Reaction(frozenset(found), late) if worthwhile else None


def _said_in(data: str | bytes, said: set[str]) -> Iterator[str]:
    """What an answer says, whatever it is about."""
    if isinstance(data, bytes) and len(data) <= _SHORT:
        # A head of bytes: what kind of answer it is, and small numbers.
        yield from (f"{i}:{byte if not i or byte < _SMALL else '#'}" for i, byte in enumerate(data))
        return
    yield from (_plain(word, said) for word in _words(data))


def _words(data: str | bytes) -> list[str]:
    text = data.decode("latin-1") if isinstance(data, bytes) else data
    return _WORD.findall(text[:_READ])


def _plain(word: str, said: set[str]) -> str:
    """Larger numbers are alike, and so is all that a client has said itself."""
    if word.isdecimal():
        return word if word in ("0", "1", "2") else "#"
    if word in said:
        return "~"
    return "#" if any(map(str.isdecimal, word)) else word
