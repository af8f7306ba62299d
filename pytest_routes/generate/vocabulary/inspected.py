"""Methods that an application finds by looking at its own objects: `dir(self)`,
`inspect.getmembers(self)`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.dispatch import attribute_names
from pytest_routes.generate.vocabulary.values import Display, Instance, Live, Value, merged

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.values import Atom, Scope

_MOST = 64


def names_of(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`dir(self)`, in the order of Python, without what every object has."""
    return tuple(
        Live(tuple(_names(atom))) for atom in arguments.named("", 0) if _is_own(reader, atom)
    )


def members_of(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`inspect.getmembers(self, inspect.ismethod)`: names and methods."""
    from pytest_routes.generate.vocabulary.expressions import attribute_of

    found: list[Value] = []
    for atom in arguments.named("object", 0):
        if _is_own(reader, atom):
            pairs = ((each, attribute_of(reader, atom, each)) for each in _names(atom))
            found.append(
                (Display(tuple((Display(((Live(n),), value)),) for n, value in pairs if value)),)
            )
    return merged(found)


def _is_own(reader: Reader, atom: Atom) -> bool:
    if isinstance(atom, Instance):
        return reader.owns(atom.cls)
    return isinstance(atom, Live) and reader.owns(
        atom.object if isinstance(atom.object, type) else type(atom.object)
    )


def _names(atom: Atom) -> list[str]:
    return sorted(name for name in attribute_names(atom) if not name.startswith("__"))[:_MOST]


def is_known_false(reader: Reader, test: ast.expr, scope: Scope) -> bool:
    """The source tells that a filter lets nothing through: `if name.startswith("do_")`."""
    known = _known(reader, test, scope)
    return known is False


def _known(reader: Reader, test: ast.expr, scope: Scope) -> Any:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _known(reader, test.operand, scope)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return False if any(_known(reader, each, scope) is False for each in test.values) else None
    if not isinstance(test, ast.Call):
        return None
    value = reader.evaluate(test, scope)
    known = [atom.object for atom in value if isinstance(atom, Live)]
    return known[0] if len(value) == len(known) == 1 and isinstance(known[0], bool) else None
