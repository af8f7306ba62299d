"""Choices that are not drawn: one way after the other, to find values that are hard to meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.schema.errors import UnsatisfiableSchema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from pytest_routes.generate.choices import Choices

T = TypeVar("T")


class Simplest:
    """Choices that always take the simplest."""

    draws: ClassVar[bool] = False
    __slots__ = ()

    def index(self, n: int) -> int:  # noqa: ARG002
        return 0

    def draw(self, strategy: SearchStrategy[T]) -> T:
        raise UnsatisfiableSchema(f"{strategy!r} can only be drawn within a Hypothesis test")

    def step(self, position: int = 0) -> None:
        """Nothing here has steps."""


class Counting:
    """Choices that are the digits of a number: one after the other, they take every way."""

    draws: ClassVar[bool] = False
    __slots__ = ("_number",)

    def __init__(self, number: int) -> None:
        self._number = number

    def index(self, n: int) -> int:
        if n <= 1:
            return 0
        self._number, digit = divmod(self._number, n)
        return digit

    def draw(self, strategy: SearchStrategy[T]) -> T:
        raise UnsatisfiableSchema(f"{strategy!r} can only be drawn within a Hypothesis test")

    def step(self, position: int = 0) -> None:
        """Nothing here has steps."""


class Seeded(RandomChoices):
    """Choices of a fixed seed; like `Counting`, but far apart from each other."""

    def draw(self, strategy: SearchStrategy[T]) -> T:
        raise UnsatisfiableSchema(f"{strategy!r} can only be drawn within a Hypothesis test")


def enumerated(count: int = 400) -> Iterator[Choices]:
    """Different choices, the simplest first: always the same ones, and a finite number."""
    yield Simplest()
    for number in range(1, count // 2):
        yield Counting(number)
    for seed in range(count // 2):
        yield Seeded(seed)
