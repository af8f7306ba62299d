"""Texts that the source takes apart token by token: expressions, mostly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate import matches, recipes
from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_OPERATORS = ("+", "-", "*", "/", "%", "//", "**", "^", "<", ">", "==", "&", "|", "and", "or")
_NUMBERS = ("1", "0", "2", "3", "10")
_NAMES = ("a", "b", "x")
_DEEPEST = 3
_ONE, _TWO, _INNER, _SIGNED = range(4)
_FORMS = (_ONE, _TWO, _TWO, _TWO, _INNER, _SIGNED)


def tokens(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:
    """A text that consists of matches of a pattern."""
    if isinstance(inner.key, bytes):
        return recipes.scalar_of(term, [], text)
    expression = expression_of(inner.key)
    if expression is not None:
        return expression
    one = matches.matching(term, inner.key, shape)
    if one is None:
        return recipes.scalar_of(term, [], text)
    return lambda choices, memory: " ".join(
        one(choices, memory).strip() for _ in range(1 + choices.index(4))
    )


def expression_of(pattern: str) -> Recipe | None:
    """Expressions of the operators, numbers and names that a pattern takes for tokens; None
    when these are not among them."""
    takes = re.compile(pattern).fullmatch
    operators = [each for each in _OPERATORS if takes(each)]
    numbers = [each for each in _NUMBERS if takes(each)]
    names = [each for each in _NAMES if takes(each)]
    if not operators or not (numbers or names):
        return None
    return _Grammar(takes, operators, numbers, names).expression


class _Grammar:
    """What an expression may consist of."""

    def __init__(
        self,
        takes: Callable[[str], Any],
        operators: list[str],
        numbers: list[str],
        names: list[str],
    ) -> None:
        self._takes = takes
        self._operators = operators
        self._numbers = numbers
        self._names = names
        self._nests = bool(takes("(") and takes(")"))

    def expression(self, choices: Choices, memory: Memory, depth: int = 0) -> str:
        form = pick(choices, _FORMS) if depth < _DEEPEST else _ONE
        if form == _TWO:
            left = self.expression(choices, memory, depth + 2)
            right = self.expression(choices, memory, depth + 1)
            return f"{left} {pick(choices, self._operators)} {right}"
        if form == _INNER and self._nests:
            return f"({self.expression(choices, memory, depth + 1)})"
        if form == _SIGNED and "-" in self._operators:
            return f"-{self._atom(choices, memory)}"
        return self._atom(choices, memory)

    def _atom(self, choices: Choices, memory: Memory) -> str:
        known = [w for w in memory.words if isinstance(w, str) and w.isidentifier()]
        names = [w for w in known if self._takes(w)] or (() if self._numbers else self._names)
        if names and (not self._numbers or choices.index(3) == 2):
            return pick(choices, names)
        return pick(choices, self._numbers)
