"""What a search works with, and what comes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.checks.finding import Finding
    from pytest_routes.generate.choices import Choices, Made
    from pytest_routes.simulator.conversation import Step
    from pytest_routes.simulator.transcript import Request, Transcript

Trial: TypeAlias = "Callable[[Choices], Transcript]"
"""Runs one conversation, or one request, made of the given choices."""
Judge: TypeAlias = "Callable[[Transcript], list[Finding]]"
Matching: TypeAlias = "Callable[[Transcript], Finding | None]"
"""The finding in a transcript that is the one searched for, if it is there."""
Shorten: TypeAlias = "Callable[[Finding, Matching, bool], Finding]"
"""Shortens a finding by running parts of its recorded conversation again; when it is True, with
simpler messages too."""
Confirm: TypeAlias = "Callable[[Finding, Matching], bool]"
"""Whether a finding stands up to being looked at in another way."""
Unshrunk: TypeAlias = 'Literal["slow", "gone", "unasked"]'
"""Having it many times takes too long; it did not show when it was had again; the profile says
that nothing is to be made shorter."""

LONG = 2.5
"""Seconds of real time of a sequence that is not run many times more."""


class Stop(BaseException):
    """Ends a Hypothesis run at once; no `Exception`, so that it is not taken for a failure."""


class Shown(Exception):
    """The finding that is hunted for was seen."""


Acts: TypeAlias = "tuple[Step | Request, ...]"
"""What was done in a sequence."""


@dataclass(frozen=True, slots=True)
class Source:
    """How a sequence was made, so that it can be made again."""

    seed: int
    """Of the sequence; of the batch of sequences when Hypothesis has drawn it."""
    made: Made | None = None
    """Everything that was chosen; None when Hypothesis has drawn it."""


@dataclass(slots=True)
class Found:
    """A finding with the shortest transcript that shows it."""

    finding: Finding
    sequence: int
    """In which sequence it was first seen, counted from 1; 0: apart from the sequences."""
    times: int = 1
    """In how many sequences it was seen."""
    unshrunk: Unshrunk | None = None
    """Why it may not be the shortest; None when it is."""
    source: Source | None = None
    """Of the sequence in which it was first seen; None: it was not drawn."""
    quickest: float = math.inf
    """Seconds of real time of the quickest later sequence that shows it."""
    shortest: Source | None = None
    """Of the shortest sequence in which it was seen, if that is another one."""
    alone: bool | None = True
    """False when it needs what earlier sequences have left behind in the application; None when
    there are signs of it, but no proof."""
    earlier: tuple[Acts, ...] = ()
    """The sequences before it, the latest of them; what it does not need is taken away later."""
    saved_with: int | None = None
    """The seed of the run that has saved it in the user's example database; None: it was found
    in this run."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A search that ended before all sequences were run: the last one took too long."""

    planned: int
    """How many were to be run."""
    seconds: float
    """Real time of the last one."""


@dataclass(slots=True)
class SearchResult:
    sequences: int = 0
    found: list[Found] = field(default_factory=list)
    seconds: float = 0.0
    """Real time."""
    failing: int = 0
    """In how many sequences something of severity `error` was found."""
    runtimes: list[float] = field(default_factory=list)
    """Seconds of real time of each sequence."""
    shrinks: int = 0
    """How many shorter or simpler conversations were tried."""
    shrink_seconds: float = 0.0
    stopped: Stopped | None = None
    """None too when a finding tells what took so long."""
