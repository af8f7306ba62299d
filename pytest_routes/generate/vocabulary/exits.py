"""Where a block of the source ends: whether it is left, and whether it only says no."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pytest_routes.generate.refusals import sounds_like_refusal
from pytest_routes.generate.vocabulary.values import Display, Live

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.values import Scope


def leaves(body: Sequence[ast.stmt]) -> bool:
    """The statements behind the block are never reached from it."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    if isinstance(last, ast.If):
        return leaves(last.body) and leaves(last.orelse)
    return isinstance(last, (ast.With, ast.AsyncWith)) and leaves(last.body)


def refuses(reader: Reader, body: Sequence[ast.stmt], scope: Scope) -> bool:
    """The block does nothing but to say that something is wrong, or to raise an exception that
    the application handles."""
    if not leaves(body) or len(body) > _MOST_REFUSING:
        return False
    if isinstance(body[-1], ast.Raise):
        raised = body[-1].exc
        made = raised.func if isinstance(raised, ast.Call) else raised
        return reader.handles(exceptions_named(reader, made, scope))
    said = (n.value for part in body for n in ast.walk(part) if isinstance(n, ast.Constant))
    return sounds_like_refusal(" ".join(text for text in said if isinstance(text, str)))


_MOST_REFUSING = 2


def ends_the_function(statement: ast.stmt) -> bool:
    """Unless its test turns out well the function is left."""
    return insists(statement) or (
        isinstance(statement, ast.If)
        and isinstance(statement.body[-1], ast.Return)
        and not statement.orelse
    )


def insists(statement: ast.stmt) -> bool:
    """Unless its test turns out well an exception is raised."""
    if isinstance(statement, ast.Assert):
        return True
    if isinstance(statement, ast.For):
        return any(map(insists, statement.body)) and not any(
            isinstance(each, ast.Return) for each in ast.walk(statement)
        )
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.body[-1], ast.Raise)
        and not statement.orelse
    )


def exceptions_named(reader: Reader, node: ast.expr | None, scope: Scope) -> list[type]:
    """The exceptions that an expression names."""
    things = reader.evaluate(node, scope)
    inner = [a for atom in things if isinstance(atom, Display) for item in atom.items for a in item]
    found = [atom.object for atom in (*things, *inner) if isinstance(atom, Live)]
    spread = [each for thing in found for each in (thing if isinstance(thing, tuple) else (thing,))]
    return [each for each in spread if isinstance(each, type)]
