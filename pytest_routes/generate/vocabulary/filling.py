"""Which dicts the source fills under keys of its own, wherever in the file that stands.

What is looked up may stand before what is put in: `if name not in self.boards: raise` in one
method, `self.boards[token_hex(4)] = board` in a later one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import Live, Part, Table, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.values import Value


def filled(node: ast.Assign, parameters: frozenset[str]) -> Iterator[str]:
    """The names and attributes of the dicts that a statement puts something into under a key
    that it does not write down. `self.handlers[name] = handler`, where both are given to the
    function, registers something: that is known when messages come."""
    for target in node.targets:
        if isinstance(target, ast.Subscript) and _is_open(target.slice):
            if _is_one(target.slice, parameters) and _is_one(node.value, parameters):
                continue
            name = container_of(target.value)
            if name is not None:
                yield name


def _is_open(key: ast.expr) -> bool:
    return isinstance(key, (ast.Name, ast.Attribute, ast.Call, ast.JoinedStr))


def _is_one(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def container_of(node: ast.expr) -> str | None:
    """What something that is looked into is called."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def parameters_of(node: ast.AST) -> frozenset[str]:
    """The names that a function is given."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return frozenset()
    return frozenset(a.arg for a in (*node.args.args, *node.args.kwonlyargs))


def note_among(key: Value, node: ast.expr, container: Value) -> None:
    """Remember where a part of a message is looked up: what is looked up in the same place is
    the name of a thing of the same kind."""
    name = container_of(node)
    if name is None or any(isinstance(atom, Part) for atom in container):
        return
    for term in parts(key):
        term.among.setdefault(name)


def open_up(reader: Reader, value: Value) -> None:
    """There is more in the tables than the source writes down."""
    for atom in value:
        table = atom
        if isinstance(atom, Live) and type(atom.object) is dict and atom.object:
            table = reader.added_to(atom.object)
        elif not isinstance(atom, Table) or not atom.items:
            continue
        if isinstance(table, Table) and not table.hidden:
            table.put((), ())
