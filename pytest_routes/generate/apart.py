"""Members of one message that name things of the same kind: rather two things than one twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import remembered
from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_TWICE = 4
"""One message in so many names the same thing twice, where it would have by chance."""


class Apart:
    """The members that the application looks up in the same place."""

    __slots__ = ("_pairs",)

    def __init__(self, term: Term, shape: Shape) -> None:
        named = [t for t in term.of("field") if t.told and t.among and t in shape]
        self._pairs = [
            (one.key, other.key, (*one.values, *other.values), remembered.looked_up_with(other))
            for place, other in enumerate(named)
            for one in named[:place]
            if not one.among.keys().isdisjoint(other.among)
            if not any(c.operation == "same" for t in (one, other) for c in shape.asked_of(t))
        ]

    def keep(self, made: dict[Any, Any], choices: Choices, memory: Memory) -> None:
        """Name another thing where two members name the same."""
        for one, other, listed, keys in self._pairs:
            if one not in made or other not in made or made[one] != made[other]:
                continue
            same = made[one]
            likely: list[Any] = memory.likely(other, remembered.alike(same), keys)
            alike: list[Any] = [value for value in listed if type(value) is type(same)]
            left = [v for v in likely if v != same] or [v for v in alike if v != same]
            if left and choices.index(_TWICE):
                made[one if choices.index(2) else other] = pick(choices, left)
