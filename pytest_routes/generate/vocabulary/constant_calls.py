"""Calls of which the result is known before the application runs: `"Stock".lower()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import Live, Value

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader

_OF_TEXTS = frozenset({
    "lower", "upper", "casefold", "capitalize", "title", "swapcase", "strip", "lstrip", "rstrip",
    "replace", "removeprefix", "removesuffix", "startswith", "endswith",
})  # fmt: skip
"""Methods that make another text, hardly longer than the first, or judge it."""
_LONGEST = 1000


def of_text(text: str, name: str, arguments: Arguments) -> Value | None:
    """What a method makes of a text that the source, or the name of a class, says."""
    if name not in _OF_TEXTS or len(text) > _LONGEST or arguments.keywords or arguments.star:
        return None
    given: list[str] = []
    for value in arguments.positional:
        if len(value) != 1 or not isinstance(value[0], Live) or type(value[0].object) is not str:
            return None
        given.append(value[0].object[:_LONGEST])
    try:
        return (Live(getattr(str, name)(text, *given)),)
    except TypeError:
        return None


def subclasses(reader: Reader, thing: Any, name: str) -> Value | None:
    """`Service.__subclasses__()`, of a class of the application."""
    if name != "__subclasses__" or not isinstance(thing, type) or not reader.owns(thing):
        return None
    return (Live(tuple(type.__subclasses__(thing))),)
