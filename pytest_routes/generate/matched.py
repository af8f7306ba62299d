"""Texts that match a pattern, and that another message, or another part of this one, named."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_WAYS, _AGAIN, _INSIDE = 8, 5, 7
"""So many of so many texts were said before, where one that fits was; more of the pieces of a
longer text, which rather speaks of something than names something new."""


def also_said_before(term: Term, pattern: str | bytes, shape: Shape, make: Recipe) -> Recipe:
    """A text that the pattern matches: a new one, or one that is known to match such a pattern:
    the cell that a formula speaks of is one that another message sets."""
    if isinstance(pattern, bytes) or term.role == "message" or shape.avoids(term, "told"):
        return make

    inside = term.parent is not None and term.parent.role == "split"
    again = _INSIDE if inside else _AGAIN

    def made(choices: Choices, memory: Memory) -> Any:
        known = [word for word in memory.words if _matches(pattern, word)]
        # What the same message has named already says little: a cell that refers to itself.
        others = [word for word in known if word not in memory.current]
        if others and choices.index(_WAYS) >= _WAYS - again:
            value = pick(choices, others)
        else:
            value = make(choices, memory)
        if isinstance(value, str):
            memory.put(value)
            memory.current.append(value)
        return value

    return made


@lru_cache(maxsize=1024)
def _matches(pattern: str, word: Any) -> bool:
    compiled = _compiled(pattern)
    return compiled is not None and isinstance(word, str) and bool(compiled.fullmatch(word))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except re.error:
        return None
