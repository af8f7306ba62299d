"""Texts without what a branch does not want in them: `if "/" in name: refuse`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_ATTEMPTS = 3


def refused_affixes(term: Term, shape: Shape) -> Callable[[str], bool] | None:
    """Whether a text has what the branch is not entered with; None when nothing is said of it."""
    asked = {how: _texts(shape.avoids(term, how)) for how in ("infix", "prefix", "suffix")}
    if not any(asked.values()):
        return None
    infixes, prefixes, suffixes = asked["infix"], asked["prefix"], asked["suffix"]
    return lambda text: (
        any(infix in text for infix in infixes)
        or text.startswith(prefixes)
        or text.endswith(suffixes)
    )


def _texts(values: tuple[Any, ...] | None) -> tuple[str, ...]:
    return tuple(v for v in values or () if isinstance(v, str) and v)


def rather_without(make: Recipe, refused: Callable[[str], bool]) -> Recipe:
    """In a clean conversation hardly ever a text that is refused."""

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        for _ in range(_ATTEMPTS if memory.clean else 0):
            if not isinstance(value, str) or not refused(value):
                break
            value = make(choices, memory)
        return value

    return made
