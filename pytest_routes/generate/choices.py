"""The source of all that is random: one small number at a time.

Generation asks only for indices into tables, never for a free integer or text. There are
three reasons. Hypothesis mixes constants of whatever local modules are imported into free
draws, so the same seed would say other things beside another test module; a small index is
never one of them. Few flat draws are what makes generation fast. And index 0 is always the
simplest choice, so that Hypothesis's shrinker makes a conversation simple.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")

_DIGIT = 64  # below the smallest constant that Hypothesis collects from modules (about 100)
_INDEX = [st.integers(0, max(n - 1, 0)) for n in range(_DIGIT + 1)]


class Choices(Protocol):
    """Where generated values come from."""

    def index(self, n: int) -> int:
        """A whole number from 0 (the simplest) to n - 1."""
        ...

    def draw(self, strategy: SearchStrategy[T]) -> T:
        """A value of a Hypothesis strategy, for what only a strategy can say."""
        ...


class HypothesisChoices:
    """Choices that Hypothesis records, replays and shrinks."""

    __slots__ = ("_draw",)

    def __init__(self, draw: Callable[[SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def index(self, n: int) -> int:
        if n <= 1:
            return 0
        if n <= _DIGIT:
            return self._draw(_INDEX[n])  # type: ignore[no-any-return]
        high = self.index((n + _DIGIT - 1) // _DIGIT)
        low = self._draw(_INDEX[_DIGIT])
        return min(high * _DIGIT + low, n - 1)  # type: ignore[no-any-return]

    def draw(self, strategy: SearchStrategy[T]) -> T:
        return self._draw(strategy)  # type: ignore[no-any-return]


class RandomChoices:
    """Choices of a plain pseudo-random generator: benchmarks, and tests of generators."""

    __slots__ = ("_random",)

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def index(self, n: int) -> int:
        return self._random.randrange(n) if n > 1 else 0

    def draw(self, strategy: SearchStrategy[T]) -> T:
        raise TypeError(f"{strategy!r} can only be drawn within a Hypothesis test")


def pick(choices: Choices, options: Sequence[T]) -> T:
    """One of the options; the first is the simplest."""
    return options[choices.index(len(options))]


def chance(choices: Choices, one_in: int) -> bool:
    """True about once in `one_in` times, and False when shrunk."""
    return choices.index(one_in) == one_in - 1
