"""Declared types with a member for each kind of message, all but one of which are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.declared import enclosed_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_FEWEST = 2
_AS_IT_IS = 4
"""One message in so many has any of the members."""


class Envelope:
    """Which members of a type exclude each other, as it seems: objects that may be left out."""

    __slots__ = ("_kinds", "_wanted")

    def __init__(self, annotation: Any, term: Term, shape: Shape) -> None:
        kinds = enclosed_members(annotation)
        self._kinds: Sequence[str] = kinds if len(kinds) >= _FEWEST else ()
        read = [t for t in term.of("field") if t.key in self._kinds]
        asked = [t.key for t in read if t in shape and shape.asked_of(t)]
        unread = set(self._kinds).difference(t.key for t in read)
        self._wanted = asked or [key for key in self._kinds if key in unread] or self._kinds
        """What the branch is about: what it asks for, or what no branch reads."""

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def narrow(self, value: dict[str, Any], other: Any, choices: Choices) -> None:
        """Leave out all but one of the kinds; `other` makes values that may have it."""
        if choices.index(_AS_IT_IS) == _AS_IT_IS - 1:
            return
        kept = pick(choices, self._wanted)
        for _ in range(_ATTEMPTS):
            if isinstance(value.get(kept), dict):
                break
            more = other(choices)
            if isinstance(more, dict) and isinstance(more.get(kept), dict):
                value[kept] = more[kept]
        for key in self._kinds:
            if key != kept:
                value.pop(key, None)


_ATTEMPTS = 4
