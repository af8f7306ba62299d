"""What the loop is driven for: one goal after the other, each with its limits."""

from __future__ import annotations

import enum
from collections.abc import Callable, Generator
from typing import Generic, NamedTuple, TypeAlias, TypeVar

_T = TypeVar("_T")


class Outcome(enum.Enum):
    """How a drive of the loop ended."""

    REACHED = "reached"
    TIMED_OUT = "timed out"
    DEADLOCK = "deadlock"
    """No callback, no timer and nothing outside is left that could change anything."""
    TIRED = "tired"
    """The limit on clock jumps was used up before the goal or its deadline was reached."""


Goal: TypeAlias = Callable[[], bool]


class Wish(NamedTuple):
    """What the application is run for."""

    goal: Goal | None = None
    """Looked at whenever the application has settled; None is reached at the first such moment."""
    timeout: float | None = None
    """Seconds of the loop's time."""
    jumps: int = 0
    """How often the clock may jump, at most (0: as often as needed)."""


Wishes: TypeAlias = Generator[Wish, Outcome, _T]
"""Wishes for one thing after the other; is sent how the drive for each of them ended."""


def one_wish(wish: Wish) -> Wishes[Outcome]:
    return (yield wish)


class Pursuit(Generic[_T]):
    """A generator of wishes on its way, and what came of it."""

    __slots__ = ("_failure", "_result", "_wishes", "over")

    def __init__(self, wishes: Wishes[_T]) -> None:
        self.over = False
        self._wishes = wishes
        self._failure: BaseException | None = None
        self._result: _T | None = None

    def next_wish(self, outcome: Outcome | None) -> Wish | None:
        """What is wished next; None when it is over. An exception is kept for `result`: raised
        from within the loop it could be taken for one of the application's."""
        if self.over:
            return None
        try:
            return self._wishes.send(outcome)  # type: ignore[arg-type]  # None starts it
        except StopIteration as end:
            self._result = end.value
        except BaseException as failure:
            self._failure = failure
        self.over = True
        return None

    def result(self) -> _T:
        if self._failure is not None:
            raise self._failure
        return self._result  # type: ignore[return-value]
