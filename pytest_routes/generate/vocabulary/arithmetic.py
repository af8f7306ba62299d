"""What operators between two values say about the messages that they are made of."""

from __future__ import annotations

import ast
import functools
import operator
from types import UnionType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.templates import within
from pytest_routes.generate.vocabulary.values import (
    Computed,
    Display,
    Live,
    Part,
    Scope,
    Value,
    View,
    constants,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader


_NUMERIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.LShift, ast.RShift, ast.BitAnd)


def bin_op(reader: Reader, node: Any, scope: Scope) -> Value:
    left = reader.evaluate(node.left, scope)
    right = reader.evaluate(node.right, scope)
    union = _union(left, right) if isinstance(node.op, ast.BitOr) else ()
    if union:
        return union
    for one, other in ((left, right), (right, left)):
        for atom in one:
            if isinstance(atom, (Part, View)):
                _operand(reader, atom, node.op, other, first=one is left)
    if not parts(left) and not parts(right):
        return _folded(node.op, left, right)
    texts = _around(node.op, left, right)
    if texts:
        return texts
    return _computed(node.op, left, right)


def _around(op: ast.operator, left: Value, right: Value) -> Value:
    """`"on_" + name`, `name + "_handler"`, `"on_%s" % name`."""
    before, after = constants(left), constants(right)
    if isinstance(op, ast.Mod) and len(before) == 1 and isinstance(before[0], str):
        prefix, found, suffix = before[0].partition("%s")
        return within(prefix, right, suffix) if found else ()
    if not isinstance(op, ast.Add):
        return ()
    if len(before) == 1 and isinstance(before[0], str) and not after:
        return within(before[0], right, "")
    if len(after) == 1 and isinstance(after[0], str) and not before:
        return within("", left, after[0])
    return ()


_UNDONE: dict[type[ast.operator], Callable[..., int]] = {
    ast.RShift: lambda result, other: result << (other % 64),
    ast.LShift: lambda result, other: result >> (other % 64),
    ast.BitAnd: lambda result, other: result,  # noqa: ARG005
    ast.Mod: lambda result, other: result,  # noqa: ARG005
    ast.Sub: lambda result, other: result + other,
    ast.Add: lambda result, other: result - other,
    ast.FloorDiv: lambda result, other: result * other,
    ast.BitXor: lambda result, other: result ^ other,
}
"""The left operand, from the result and the right one."""


def _computed(op: ast.operator, left: Value, right: Value) -> Value:
    """A number that is made of a part of a message and a known one."""
    undo = _UNDONE.get(type(op))
    known = [c for c in constants(right) if isinstance(c, int)]
    if undo is None or len(known) != 1:
        return ()
    back = functools.partial(undo, other=known[0])
    return tuple(Computed(term, back) for term in parts(left))


def _operand(
    reader: Reader, atom: Part | View, op: ast.operator, other: Value, *, first: bool
) -> None:
    known = constants(other)
    if isinstance(op, ast.Sub) and any(isinstance(v, str) for v in known):
        for name in known:  # {"a", "b"} - data.keys()
            if isinstance(name, str):
                reader.read(atom.term.child("field", name))
        return
    if isinstance(op, ast.Add) and not known:
        return
    text = isinstance(op, ast.Mod) and not first
    if isinstance(op, ast.Add) and isinstance(known[0], (str, bytes)):
        atom.term.use("bytes" if isinstance(known[0], bytes) else "str")
    elif isinstance(op, (*_NUMERIC, ast.Add, ast.Mod)) and not text:
        if isinstance(op, (ast.Div, ast.FloorDiv, ast.Mod)) and not first:
            atom.term.compare("is", [0])
        atom.term.use("float" if any(isinstance(v, float) for v in known) else "int")


def _union(left: Value, right: Value) -> Value:
    """`A | B` of two types."""
    ones = [a.object for a in left if isinstance(a, Live)]
    others = [a.object for a in right if isinstance(a, Live)]
    for one in ones:
        for other in others:
            if isinstance(one, _TYPES) and isinstance(other, (*_TYPES, type(None))):
                return (Live(one | other),)
    return ()


_TYPES = (type, UnionType)


_FOLDED: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def _folded(op: ast.operator, left: Value, right: Value) -> Value:
    """Arithmetic of two numbers, or two texts joined."""
    fold = _FOLDED.get(type(op))
    if fold is None or len(left) != 1 or len(right) != 1:
        return ()
    one, other = constants(left), constants(right)
    if len(other) != 1:
        return ()
    count = other[0]
    repeated = [
        a.items * count
        for a in left
        if isinstance(a, Display) and isinstance(count, int) and 0 < count <= _MOST_REPEATED
    ]
    if isinstance(op, ast.Mult) and repeated and len(repeated[0]) <= _MOST_REPEATED:
        return (Display(repeated[0]),)
    if len(one) != 1:
        return ()
    same_text = type(one[0]) is type(other[0]) and isinstance(one[0], (str, bytes))
    numbers = all(isinstance(v, (int, float)) and abs(v) < 2**64 for v in (one[0], other[0]))
    if numbers or (same_text and isinstance(op, ast.Add)):
        return (Live(fold(one[0], other[0])),)
    return ()


_MOST_REPEATED = 512
