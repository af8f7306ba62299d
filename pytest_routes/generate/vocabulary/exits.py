"""Where a block of the source ends: whether it is left, and whether it only says no."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from pytest_routes.generate.refusals import sounds_like_refusal
from pytest_routes.generate.vocabulary.values import Display, Live

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Condition
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
    """The block does nothing, or nothing but to say that something is wrong, or to raise an
    exception that the application handles."""
    if not leaves(body) or len(body) > _MOST_REFUSING:
        return False
    if isinstance(body[0], (ast.Continue, ast.Return)) and getattr(body[0], "value", None) is None:
        return True
    if isinstance(body[-1], ast.Raise):
        raised = body[-1].exc
        made = raised.func if isinstance(raised, ast.Call) else raised
        return reader.handles(exceptions_named(reader, made, scope))
    return sounds_like_refusal(
        " ".join(t for part in body for n in ast.walk(part) for t in _said(n))
    )


_MOST_REFUSING = 2
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _said(node: ast.AST) -> Iterator[str]:
    """The texts of a statement, and the names of what it says: `return ERR_FRAME`,
    `return self.error(code)`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name.isupper():
            yield name
    elif isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
        called = node.func
        yield _CAMEL.sub(" ", called.id if isinstance(called, ast.Name) else called.attr)


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


def asked_anyway(
    body: Sequence[ast.stmt], returning: Sequence[Sequence[Condition]]
) -> list[Condition]:
    """What is asked wherever a function returns that raises an exception in the end."""
    if not returning or not isinstance(body[-1], ast.Raise):
        return []
    return [c for c in returning[0] if all(c in others for others in returning[1:])]


def exceptions_named(reader: Reader, node: ast.expr | None, scope: Scope) -> list[type]:
    """The exceptions that an expression names."""
    things = reader.evaluate(node, scope)
    inner = [a for atom in things if isinstance(atom, Display) for item in atom.items for a in item]
    found = [atom.object for atom in (*things, *inner) if isinstance(atom, Live)]
    spread = [each for thing in found for each in (thing if isinstance(thing, tuple) else (thing,))]
    return [each for each in spread if isinstance(each, type)]
