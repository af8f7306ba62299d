"""Short lists that name one thing together: the square of a board, a range of rows."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_SHORT = 4
"""Values of such a list, at most."""
_LATEST = 8
"""Messages that are looked at."""
_AGAIN = 3
"""One list in so many was said before, or all but one where lists are looked up."""
_ALIKE = 3
"""One new list in so many differs in one position from one that was said before."""


def is_position(term: Term, shape: Shape) -> bool:
    """The source takes a list apart by positions."""
    return any(child in shape for child in term.of("index")) and not term.of("split")


def said_before(term: Term, make: Recipe) -> Recipe:
    """Sometimes a whole list that was said before under the same key."""
    return _again(term, make, 1)


def looked_up(term: Term, make: Recipe) -> Recipe:
    """The same, for an application that looks the list up: mostly."""
    return _again(term, make, _AGAIN - 1)


def never_said(term: Term, make: Recipe) -> Recipe:
    """A list that is new to the application: a part of it may be as it was in another one."""
    return _again(term, make, 0)


def _again(term: Term, make: Recipe, share: int) -> Recipe:
    key = term.key

    def made(choices: Choices, memory: Memory) -> Any:
        known = _known(memory, key)
        if known and choices.index(_AGAIN) >= _AGAIN - share:
            return list(pick(choices, known))
        new = make(choices, memory)
        if known and choices.index(_ALIKE) == _ALIKE - 1:
            return _in_part(new, pick(choices, known), choices)
        return new

    return made


def _in_part(new: Any, known: tuple[Any, ...], choices: Choices) -> Any:
    """What was said before, with another value at one position."""
    if not isinstance(new, list) or len(new) != len(known):
        return new
    position = choices.index(len(known))
    return [*known[:position], new[position], *known[position + 1 :]]


def _known(memory: Memory, key: Any) -> list[tuple[Any, ...]]:
    said = (m.data for m in memory.messages[:_LATEST])
    return list(
        dict.fromkeys(found for data in said for name, found in _lists_in(data) if name == key)
    )


@lru_cache(maxsize=256)
def _lists_in(data: str | bytes) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """The short lists in an object with the keys that they stand under."""
    if not isinstance(data, str) or data[:1] != "{" or "[" not in data:
        return ()
    try:
        return tuple(_short_lists(json.loads(data)))
    except (ValueError, RecursionError):
        return ()


def _short_lists(message: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for key, value in message.items():
        short = isinstance(value, list) and 1 < len(value) <= _SHORT
        if short and all(isinstance(each, (str, int)) for each in value):
            yield key, tuple(value)
        elif isinstance(value, dict):
            yield from _short_lists(value)
