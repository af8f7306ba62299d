"""The source of all that is random: one small number at a time.

Generation asks only for indices into tables, never for a free integer or text. There are
three reasons. Hypothesis mixes constants of whatever local modules are imported into free
draws, so the same seed would say other things beside another test module; a small index is
never one of them. Few flat draws are what makes generation fast. And index 0 is always the
simplest choice, so that shrinking makes a conversation simple.
"""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

_DIGIT = 64  # below the smallest constant that Hypothesis collects from modules (about 100)
HIGHEST = _DIGIT - 1


def _highs(n: int) -> int:
    """How many high digits the numbers below `n` have."""
    return (n + _DIGIT - 1) // _DIGIT


@cache
def _indices() -> Sequence[SearchStrategy[int]]:
    """A strategy for each size of table; made late, since most runs do without Hypothesis, whose
    import takes longer than testing a route."""
    from hypothesis import strategies as st

    return [st.integers(0, max(n - 1, 0)) for n in range(_DIGIT + 1)]


class Choices(Protocol):
    """Where generated values come from."""

    draws: ClassVar[bool]
    """Values of Hypothesis strategies can be drawn."""

    def index(self, n: int) -> int:
        """A whole number from 0 (the simplest) to n - 1."""
        ...

    def draw(self, strategy: SearchStrategy[T]) -> T:
        """A value of a Hypothesis strategy, for what only a strategy can say. Raises `OnlyDrawn`
        outside of a Hypothesis test."""
        ...

    def step(self, position: int = 0) -> None:
        """A new step begins, after so many events of the transcript. What is left out of one step
        then does not move the next one."""
        ...


class HypothesisChoices:
    """Choices that Hypothesis records, replays and shrinks."""

    draws: ClassVar[bool] = True
    __slots__ = ("_draw", "_indices")

    def __init__(self, draw: Callable[[SearchStrategy[Any]], Any]) -> None:
        self._draw = draw
        self._indices = _indices()

    def index(self, n: int) -> int:
        if n <= 1:
            return 0
        if n <= _DIGIT:
            return self._draw(self._indices[n])  # type: ignore[no-any-return]
        high = self.index(_highs(n))
        low = self._draw(self._indices[_DIGIT])
        return (high * _DIGIT + low) % n  # type: ignore[no-any-return]

    def draw(self, strategy: SearchStrategy[T]) -> T:
        return self._draw(strategy)  # type: ignore[no-any-return]

    def step(self, position: int = 0) -> None:
        """Hypothesis looks for the parts of a sequence by itself."""


Made: TypeAlias = tuple[tuple[int, ...], ...]
"""All that was chosen, step by step: numbers below 64, the digits of larger ones."""


class OnlyDrawn(TypeError):
    """Only a Hypothesis test can draw what was asked for: a value of a strategy."""


class _Recording:
    """Choices that keep what was chosen."""

    draws: ClassVar[bool] = False
    __slots__ = ("_current", "_steps", "positions")

    def __init__(self) -> None:
        self._current: list[int] = []
        self._steps = [self._current]
        self.positions: list[int] = []
        """How many events there were when each step but the first began."""

    @property
    def made(self) -> Made:
        return tuple(map(tuple, self._steps))

    @property
    def chosen(self) -> bool:
        """There was something to choose."""
        return any(self._steps)

    def step(self, position: int = 0) -> None:
        self._current = []
        self._steps.append(self._current)
        self.positions.append(position)

    def draw(self, strategy: SearchStrategy[T]) -> T:
        raise OnlyDrawn(f"{strategy!r} can only be drawn within a Hypothesis test")


class RandomChoices(_Recording):
    """Choices of a pseudo-random generator, the same for a seed on every machine.

    `random()` is the one method of Python's generator whose sequence is promised to stay as it
    is for a seed.
    """

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed).random

    def index(self, n: int) -> int:
        if n <= 1:
            return 0
        if n <= _DIGIT:
            digit = int(self._random() * n)
            self._current.append(digit)
            return digit
        number = int(self._random() * n)
        self._note(number, n)
        return number

    def _note(self, number: int, n: int) -> None:
        """Write a number below `n` down in digits, as `KnownChoices` reads it."""
        if n <= _DIGIT:
            if n > 1:
                self._current.append(number)
            return
        high, low = divmod(number, _DIGIT)
        self._note(high, _highs(n))
        self._note(low, min(_DIGIT, n - high * _DIGIT))


class _Repeating(_Recording):
    """Choices that are as others were, as far as those go."""

    __slots__ = ("_known", "_later")

    def __init__(self, made: Made) -> None:
        super().__init__()
        self._later = iter(made)
        self._known: Iterator[int] = iter(next(self._later, ()))

    def index(self, n: int) -> int:
        if n <= 1:
            return 0
        if n <= _DIGIT:
            digit = next(self._known, n)
            if digit >= n:
                digit = self._other(n)
            self._current.append(digit)
            return digit
        high = self.index(_highs(n))
        return high * _DIGIT + self.index(min(_DIGIT, n - high * _DIGIT))

    def step(self, position: int = 0) -> None:
        super().step(position)
        self._known = iter(next(self._later, ()))

    def _other(self, n: int) -> int:
        """A number below `n`, where there is none left in a step or it does not fit."""
        raise NotImplementedError


class KnownChoices(_Repeating):
    """Choices that were made before, or parts of them; the simplest where that does not do."""

    __slots__ = ()

    def __init__(self, made: Made = ()) -> None:
        super().__init__(made)

    def _other(self, n: int) -> int:  # noqa: ARG002
        return 0


class ContinuedChoices(_Repeating):
    """Choices that begin as others did, and go on at random."""

    __slots__ = ("_random",)

    def __init__(self, seed: int, beginning: Made) -> None:
        super().__init__(beginning)
        self._random = random.Random(seed).random

    def _other(self, n: int) -> int:
        return int(self._random() * n)


def pick(choices: Choices, options: Sequence[T]) -> T:
    """One of the options; the first is the simplest."""
    return options[choices.index(len(options))]


def chance(choices: Choices, one_in: int) -> bool:
    """True about once in `one_in` times, and False when shrunk."""
    return choices.index(one_in) == one_in - 1
