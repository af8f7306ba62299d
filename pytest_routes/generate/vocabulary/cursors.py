"""Bytes that the source reads one after the other, from a position that moves on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import (
    Computed,
    Instance,
    Part,
    constants,
    is_changing,
    parts,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term
    from pytest_routes.generate.vocabulary.values import Atom, Scope, Value

_WITHIN = frozenset({"message", "tail", "slice"})


def moves(key: Value) -> bool:
    """The position is not told by the source, or it is so only at first."""
    return is_changing(key) or not constants(key)


def is_run(atom: Atom) -> bool:
    """Bytes in which positions may move."""
    if not isinstance(atom, Part) or atom.term.role not in _WITHIN:
        return False
    root = atom.term.root
    return root.role == "message" and root.key == "bytes"


def byte_read(reader: Reader, term: Term, node: ast.AST) -> Value:
    """`data[position]`: the next byte."""
    found = reader.cursor(term, node, 1, None)
    found.term.use("int")
    return (found,)


def bytes_read(
    reader: Reader, term: Term, node: ast.Subscript, bounds: ast.Slice, scope: Scope
) -> Value:
    """`data[position : position + count]`: the next bytes, so many or as many as a number says
    that was read before."""
    upper = bounds.upper
    if upper is None or bounds.lower is None:
        return ()
    counted: Value = ()
    start, stop = _place(reader, bounds.lower, scope), _place(reader, upper, scope)
    if start[0] == stop[0] and stop[1] > start[1]:
        return (reader.cursor(term, node, stop[1] - start[1], None),)
    if isinstance(upper, ast.BinOp) and isinstance(upper.op, ast.Add):
        lower = ast.dump(bounds.lower)
        for one, other in ((upper.left, upper.right), (upper.right, upper.left)):
            if ast.dump(one) == lower:
                counted = reader.evaluate(other, scope)
    counter = next((a for a in counted if isinstance(a, (Part, Computed))), None)
    if counter is None:
        return (reader.cursor(term, node, None, None),)
    steps = counter.steps if isinstance(counter, Computed) else ()
    return (reader.cursor(term, node, None, counter.term, steps),)


def _place(reader: Reader, node: ast.expr, scope: Scope) -> tuple[str, int]:
    """A position as what moves and how far it is from there: `at + 2`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for moving, other in ((node.left, node.right), (node.right, node.left)):
            value = reader.evaluate(other, scope)
            steps = [c for c in constants(value) if isinstance(c, int)]
            if len(steps) == 1 and not is_changing(value) and not parts(value):
                place, far = _place(reader, moving, scope)
                return place, far + steps[0]
    return ast.dump(node), 0


def holds_bytes(arguments: Arguments) -> bool:
    """An object is among the arguments that keeps bytes to read from: what it reads next
    depends on what it has read."""
    return any(
        is_run(kept)
        for atom in arguments.atoms()
        if isinstance(atom, Instance)
        for value in atom.attributes.values()
        for kept in value
    )
