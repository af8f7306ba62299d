"""What operators between two values say about the messages that they are made of."""

from __future__ import annotations

import ast
import operator
from types import UnionType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.letters import without
from pytest_routes.generate.vocabulary.regexes import both
from pytest_routes.generate.vocabulary.templates import within
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import (
    Computed,
    Display,
    Length,
    Live,
    Part,
    Remaining,
    Scope,
    Value,
    Verdict,
    View,
    constants,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader


_NUMERIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Pow, ast.LShift, ast.RShift, ast.BitAnd)


def bin_op(reader: Reader, node: Any, scope: Scope) -> Value:
    left = reader.evaluate(node.left, scope)
    right = reader.evaluate(node.right, scope)
    union = _union(left, right) or both(left, right) if isinstance(node.op, ast.BitOr) else ()
    if union:
        return union
    missing = _missing(reader, left, right) if isinstance(node.op, ast.Sub) else ()
    if missing:
        return missing
    for one, other in ((left, right), (right, left)):
        for atom in one:
            if isinstance(atom, (Part, View)):
                _operand(atom, node.op, other, first=one is left)
    if any(isinstance(atom, (Part, Computed)) for atom in (*left, *right)):
        return _around(node.op, left, right) or _computed(node.op, left, right)
    return _remaining(node.op, left, right) or _folded(node.op, left, right)


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


_SYMBOLS: dict[type[ast.operator], str] = {
    ast.RShift: ">>",
    ast.LShift: "<<",
    ast.BitAnd: "&",
    ast.Mod: "%",
    ast.Sub: "-",
    ast.Add: "+",
    ast.FloorDiv: "//",
    ast.Mult: "*",
    ast.BitXor: "^",
}
_EITHER_WAY = (ast.Add, ast.Mult, ast.BitAnd, ast.BitXor)


def _computed(op: ast.operator, left: Value, right: Value) -> Value:
    """A number that is made of a part of a message and a known one."""
    symbol = _SYMBOLS.get(type(op))
    pairs = [(left, right), (right, left)] if isinstance(op, _EITHER_WAY) else [(left, right)]
    for number, other in pairs:
        known = [c for c in constants(other) if isinstance(c, int)]
        if symbol is None or len(known) != 1:
            continue
        found = [
            Computed(a.term, (*(a.steps if isinstance(a, Computed) else ()), (symbol, known[0])))
            for a in number
            if isinstance(a, (Part, Computed))
        ]
        if found:
            return tuple(found)
    return ()


def _remaining(op: ast.operator, left: Value, right: Value) -> Value:
    """`len(data) - 4`."""
    known = [c for c in constants(right) if isinstance(c, int)]
    if len(known) != 1 or not isinstance(op, (ast.Add, ast.Sub)):
        return ()
    more = known[0] if isinstance(op, ast.Add) else -known[0]
    return tuple(Remaining(atom.term, more) for atom in left if isinstance(atom, Length))


def _missing(reader: Reader, left: Value, right: Value) -> Value:
    """`{"a", "b"} - data.keys()`: nothing is left when all are there. The other way round,
    the names are those that may be there. Of a text, they are its characters."""
    letters = without(reader, left, right)
    if letters:
        return letters
    for one, other in ((left, right), (right, left)):
        names = [name for name in constants(one) if isinstance(name, str)]
        for atom in other if names else ():
            if isinstance(atom, Part) or (isinstance(atom, View) and atom.what != "letters"):
                children = [atom.term.child("field", name) for name in names]
                there = tuple(Condition(reader.read(c).term, "present") for c in children)
                return (Verdict((), there),) if one is left else ()
    return ()


def _operand(atom: Part | View, op: ast.operator, other: Value, *, first: bool) -> None:
    known = constants(other)
    if isinstance(op, ast.Sub) and any(isinstance(v, str) for v in known):
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
