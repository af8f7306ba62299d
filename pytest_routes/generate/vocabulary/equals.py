"""Expressions of which a branch knows that they are what a message says.

Behind `if message["step"] != STEPS[position]: continue` the message's step is what
`STEPS[position]` is, and whatever is looked up by the one is looked up by the other.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.values import Live, Part, Scope, Value, parts

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.comparisons import Sides
    from pytest_routes.generate.vocabulary.reader import Reader

Place: TypeAlias = tuple[Any, ...]

_EQUALITY = (ast.Eq, ast.NotEq)


def place_of(node: ast.expr) -> Place | None:
    """A name, an attribute or an entry, so that it is known again where it stands once more."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        owner = place_of(node.value)
        return owner and (*owner, ".", node.attr)
    if isinstance(node, ast.Subscript):
        owner, key = place_of(node.value), _key(node.slice)
        return owner and key and (*owner, "[", *key)
    return None


def _key(node: ast.expr) -> Place | None:
    return (repr(node.value),) if isinstance(node, ast.Constant) else place_of(node)


def note_equal(
    reader: Reader, node: ast.Compare, scope: Scope, values: tuple[Value, Value], sides: Sides
) -> None:
    """Remember that a part was compared with one of several constants, which only the running
    application knows."""
    if type(node.ops[0]) not in _EQUALITY:
        return
    left, right = values
    for value, other, written in (
        (left, right, node.comparators[0]),
        (right, left, node.left),
    ):
        place = place_of(written)
        said = parts(value)
        if place is None or len(said) != 1 or not _is_open(other):
            continue
        for condition in (*sides[0], *sides[1]):
            if condition.term is said[0] and condition.operation == "is" and condition.holds:
                reader.equals[scope, place] = condition


def known_equal(reader: Reader, node: ast.expr, scope: Scope) -> Value:
    """What a message says that is the same as the expression, in this branch."""
    place = place_of(node)
    condition = None if place is None else reader.equals.get((scope, place))
    if condition is None or not reader.is_known(condition):
        return ()
    return (Part(condition.term),)


def _is_open(value: Value) -> bool:
    return len(value) > 1 and all(isinstance(atom, Live) for atom in value)
