"""Comparisons of a number in a message with the length of another part of it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import Computed, Length, Part, Remaining

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.values import Value


def measured(number: Part | Computed, other: Value) -> Condition | None:
    """The number, or what is computed from it, is the length of another part of the message."""
    for atom in other:
        if isinstance(atom, (Length, Remaining)) and atom.term.root is number.term.root:
            steps = number.steps if isinstance(number, Computed) else ()
            if isinstance(atom, Remaining):
                steps = (*steps, ("-", atom.more))
            return Condition(number.term, "measures", (atom.term, steps))
    return None


def as_long(
    operator: type[ast.cmpop], left: Value, right: Value
) -> tuple[list[Condition], list[Condition]] | None:
    """The length of bytes is compared by order with a number that they hold: the number is
    best just that."""
    if not any(isinstance(atom, (Length, Remaining)) for atom in left):
        return None
    for number in right:
        if isinstance(number, (Part, Computed)) and number.term.root.key == "bytes":
            found = measured(number, left)
            if found is not None:
                just, other = [found], [found.negated()]
                return (just, other) if operator in (ast.LtE, ast.GtE) else (other, just)
    return None
