"""Names for what a test has found: `valid = isinstance(size, int) and size > 0`."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.conditions import asked
from pytest_routes.generate.vocabulary.values import Value, Verdict

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.values import Scope


@dataclass(frozen=True, slots=True)
class NamedTest(Verdict):
    """What a test says of a message, under the name that it was given."""


def named_test(reader: Reader, node: ast.expr, scope: Scope) -> Value | None:
    """The result of a test as a value; None when the expression is no test."""
    if not _is_test(node):
        return None
    when_true, when_false = asked(reader, node, scope)
    if not (when_true or when_false):
        return ()
    return (NamedTest(tuple(when_true), tuple(when_false)),)


def settled_names(value: Value) -> Value:
    """What is left of a value that only some branches have given to a name."""
    if any(isinstance(atom, NamedTest) for atom in value):
        return tuple(atom for atom in value if not isinstance(atom, NamedTest))
    return value


def _is_test(node: ast.expr) -> bool:
    if isinstance(node, ast.BoolOp):
        return all(map(_is_test, node.values))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Name):
            return called.id in ("isinstance", "all", "any")
        return isinstance(called, ast.Attribute) and called.attr in ("startswith", "endswith")
    return isinstance(node, ast.Compare)
