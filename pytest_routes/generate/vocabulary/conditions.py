"""What a test in the source asks of a message, and what its negation does."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.dispatch import note_combination, parameters_of
from pytest_routes.generate.vocabulary.patterns import united
from pytest_routes.generate.vocabulary.terms import COMPARISONS, Condition, Term
from pytest_routes.generate.vocabulary.values import (
    Computed,
    Display,
    Guarded,
    Length,
    Live,
    Matched,
    Params,
    Part,
    Scope,
    Subprotocols,
    TypeOf,
    Value,
    Verdict,
    View,
    constants,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Comparison

Sides: TypeAlias = tuple[list[Condition], list[Condition]]
"""The conditions when the test is true, and when it is false."""

_NEITHER: Sides = ([], [])
_TEXT_TESTS = {"startswith": "prefix", "endswith": "suffix"}


def asked(reader: Reader, node: ast.expr, scope: Scope) -> Sides:
    """What a test asks; everything in it is taken notice of."""
    known = _TESTS.get(type(node))
    if known is not None:
        return known(reader, node, scope)
    return _truth(reader.evaluate(node, scope))


def _truth(value: Value) -> Sides:
    for atom in value:
        if isinstance(atom, Matched):
            return _matched(atom)
        if isinstance(atom, Verdict):
            return list(atom.when_true), list(atom.when_false)
        if isinstance(atom, Part):
            atom.term.optional = True
            condition = Condition(atom.term, "true")
            return [condition], [condition.negated()]
    return _NEITHER


def _matched(atom: Matched) -> Sides:
    """The text matches the regular expression, or does not."""
    if atom.term.parent is None:
        return _NEITHER
    condition = Condition(atom.term.parent, "pattern", (atom.term.key,))
    return [condition], [condition.negated()]


def _bool_op(reader: Reader, node: Any, scope: Scope) -> Sides:
    both = isinstance(node.op, ast.And)
    sides: list[Sides] = []
    before: list[Condition] = []
    for value in node.values:
        # What stands behind `and` is only looked at when what stands before is true.
        with reader.under(before):
            sides.append(asked(reader, value, scope))
        before.extend(sides[-1][0 if both else 1])
    joined = [c for side in sides for c in side[0 if both else 1]]
    apart = united([side[1 if both else 0] for side in sides])
    return (joined, apart) if both else (apart, joined)


def _unary(reader: Reader, node: Any, scope: Scope) -> Sides:
    if isinstance(node.op, ast.Not):
        when_true, when_false = asked(reader, node.operand, scope)
        return when_false, when_true
    reader.evaluate(node, scope)
    return _NEITHER


def _named(reader: Reader, node: Any, scope: Scope) -> Sides:
    sides = asked(reader, node.value, scope)
    reader.evaluate(node, scope)
    return sides


def _call(reader: Reader, node: Any, scope: Scope) -> Sides:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_TESTS and node.args:
        operation = _TEXT_TESTS[node.func.attr]
        values = constants(reader.evaluate(node.args[0], scope))
        for atom in reader.evaluate(node.func.value, scope):
            if isinstance(atom, Part):
                atom.term.use("bytes" if values and isinstance(values[0], bytes) else "str")
                return _compared(atom.term, operation, values)
            if isinstance(atom, Live):
                break
        else:
            reader.words.update(dict.fromkeys(values))
        return _NEITHER
    if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
        for atom in reader.evaluate(node.args[0], scope):
            if isinstance(atom, Part):
                return _instance(reader, atom.term, node.args[1], scope)
        return _NEITHER
    if isinstance(node.func, ast.Name) and node.func.id in ("all", "any") and node.args:
        inner = node.args[0]
        if isinstance(inner, (ast.GeneratorExp, ast.ListComp)):
            names, conditions = comprehended(reader, inner, scope)
            with reader.under(conditions):
                when_true, _ = asked(reader, inner.elt, names)
            # Of the others nothing is known: one item, or none, may be to blame.
            return when_true, []
    return _truth(reader.evaluate(node, scope))


def comprehended(reader: Reader, node: Any, scope: Scope) -> tuple[Scope, list[Condition]]:
    """The names inside a comprehension, and what its filters ask."""
    from pytest_routes.generate.vocabulary.statements import iterated, store

    inner = Scope(scope.globals, outer=scope)
    conditions: list[Condition] = []
    for generator in node.generators:
        value = reader.evaluate(generator.iter, inner)
        store(reader, generator.target, iterated(reader, value), inner)
        for test in generator.ifs:
            conditions.extend(asked(reader, test, inner)[0])
    return inner, conditions


def _instance(reader: Reader, term: Term, node: ast.expr, scope: Scope) -> Sides:
    names: list[str] = []
    models: list[type] = []
    for element in node.elts if isinstance(node, ast.Tuple) else [node]:
        name = ast.unparse(element)
        if name in _TYPES:
            names.append(name)
            continue
        names.extend(_type_names(reader.evaluate(element, scope)))
        models.extend(
            atom.object
            for atom in reader.evaluate(element, scope)
            if isinstance(atom, Live) and isinstance(atom.object, type) and reader.owns(atom.object)
        )
    if models:
        condition = Condition(term, "model", tuple(term.declare(model) for model in models))
        return [condition], [condition.negated()]
    return _compared(term, "type", names)


_TYPES = frozenset({"int", "float", "str", "bool", "bytes", "list", "dict"})


def _compared(term: Term, operation: Any, values: list[Any]) -> Sides:
    if not values:
        return _NEITHER
    term.compare(operation, values)
    condition = Condition(term, operation, tuple(values))
    return [condition], [condition.negated()]


def _compare(reader: Reader, node: Any, scope: Scope) -> Sides:
    when_true: list[Condition] = []
    when_false: list[Condition] = []
    left = reader.evaluate(node.left, scope)
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = reader.evaluate(comparator, scope)
        sides = _pair(reader, type(operator), left, right)
        when_true.extend(sides[0])
        when_false = sides[1] if len(node.ops) == 1 else []
        left = right
    return when_true, when_false


_ORDER: dict[type[ast.cmpop], tuple[int, ...]] = {
    # The integers around the bound that satisfy `value OP bound`, as distances from it.
    ast.Lt: (-1,),
    ast.LtE: (0, -1),
    ast.Gt: (1,),
    ast.GtE: (0, 1),
}
_WRITTEN: dict[type[ast.cmpop], Comparison] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_PLAIN = (0, 1, -1)
"""Numbers far from a bound that matter too."""
_MUCH = 12
"""By how much a length may be over what is asked for, to leave room for a body."""
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
_NEGATIVE = (ast.NotEq, ast.IsNot, ast.NotIn)
_CONTAINS = (ast.In, ast.NotIn)


def _pair(reader: Reader, operator: type[ast.cmpop], left: Value, right: Value) -> Sides:
    sides = _NEITHER
    if any(isinstance(atom, Subprotocols) for atom in (*left, *right)):
        known = (*constants(left), *constants(right))
        reader.subprotocols.update({v: None for v in known if isinstance(v, str) and v})
    elif operator in _ORDER:
        sides = _ordered(reader, operator, left, right)
        if sides == _NEITHER:
            sides = _ordered(reader, _MIRRORED[operator], right, left)
    elif operator in _CONTAINS and any(isinstance(a, Display) and _inner(a) for a in left):
        tables = [a.object for a in right if isinstance(a, Live) and type(a.object) in _TABLES]
        for table in tables:
            note_combination(reader, left, [(known, ()) for known in list(table)[:200]])
    elif operator in _CONTAINS and not _parts(left):
        sides = _contained(reader, constants(left), right)
    elif subject := _parts(left):
        sides = _same(reader, subject[0], right)
    elif subject := _parts(right):
        sides = _same(reader, subject[0], left)
    elif matched := [atom for atom in left if isinstance(atom, Matched)]:
        holds, not_holds = _matched(matched[0])  # `found is None`
        sides = (not_holds, holds)
    else:
        _loose(reader, left, right)
    return (sides[1], sides[0]) if operator in _NEGATIVE else sides


def _parts(value: Value) -> list[Part | Length | Computed | TypeOf]:
    return [atom for atom in value if isinstance(atom, (Part, Length, Computed, TypeOf))]


def _same(reader: Reader, subject: Part | Length | Computed | TypeOf, other: Value) -> Sides:
    values = constants(other)
    if isinstance(subject, Part) and not values:
        values = _entries(reader, subject.term, other)
        if not values:
            return _same_as_unknown(subject.term, other)
    if isinstance(subject, Computed):
        numbers = [v for v in values if isinstance(v, int)]
        return _compared(subject.term, "is", [subject.undo(v) for v in numbers])
    if isinstance(subject, Length):
        return _compared(subject.term, "length", [v for v in values if isinstance(v, int)])
    if isinstance(subject, TypeOf):
        return _compared(subject.term, "type", _type_names(other))
    if values == [None]:
        subject.term.optional = True
        condition = Condition(subject.term, "present")
        return [condition.negated()], [condition]
    return _compared(subject.term, "is", values)


_TABLES = frozenset({dict, list, tuple, set, frozenset})


def _inner(display: Display) -> bool:
    return any(_parts(item) for item in display.items)


def _type_names(value: Value) -> list[str]:
    """The plain types among the alternatives, by name."""
    found: list[str] = []
    for atom in value:
        if isinstance(atom, Display):
            found.extend(name for item in atom.items for name in _type_names(item))
        elif isinstance(atom, Live) and isinstance(atom.object, tuple):
            found.extend(_type_names(tuple(Live(each) for each in atom.object)))
        elif isinstance(atom, Live) and isinstance(atom.object, type):
            found.extend([atom.object.__name__] if atom.object.__name__ in _TYPES else [])
    return found


def _entries(reader: Reader, term: Term, other: Value) -> list[Any]:
    """Compared with what a table holds under another part of the message (the password of the
    user who is named, say): each entry goes together with its key."""
    found = []
    for atom in other:
        if isinstance(atom, Guarded) and atom.condition.term.root is term.root:
            for value in constants((atom.value,)):
                found.append(value)
                reader.note_branch(term.root, atom.condition, Condition(term, "is", (value,)))
    return found


def _same_as_unknown(term: Term, other: Value) -> Sides:
    """Compared with another part of a message, or with something that only the running
    application knows: what it has told a client, say."""
    twins = tuple(part.term for part in other if isinstance(part, Part))
    measured = [atom.term for atom in other if isinstance(atom, Length)]
    if measured and measured[0].root is term.root:
        condition = Condition(term, "measures", (measured[0],))
        return [condition], [condition.negated()]
    if any(isinstance(atom, (Length, TypeOf, View)) for atom in other):
        return _NEITHER
    if twins and twins[0].root is term.root:
        condition = Condition(term, "same", twins[:1])
    else:
        term.told = True
        condition = Condition(term, "told")
    return [condition], [condition.negated()]


def _contained(reader: Reader, values: list[Any], container: Value) -> Sides:
    """`constant in container`."""
    for atom in container:
        if isinstance(atom, Params):
            parameters_of(reader, atom, values)
            return _NEITHER
        if isinstance(atom, (Part, View)):
            term = atom.term
            strings = [v for v in values if isinstance(v, (str, bytes))]
            if not strings:
                return _NEITHER
            if isinstance(atom, Part) and _is_text(term):
                return _compared(term, "infix", strings)
            term.use("dict")
            found = []
            for name in strings:
                child = term.child("field", name)
                child.optional = True
                reader.read(child)
                found.append(Condition(child, "present"))
            return found, [c.negated() for c in found]
    return _NEITHER


def _is_text(term: Term) -> bool:
    if term.role == "pairs":
        return False
    if term.role == "message" and term.key == "json":
        return False
    if term.role in ("message", "tail", "slice", "base64") or "str" in term.uses:
        return "dict" not in term.uses and not any(r == "field" for r, _ in term.children)
    return term.parent is not None and term.parent.role == "split"


def _ordered(reader: Reader, operator: type[ast.cmpop], left: Value, right: Value) -> Sides:
    bounds = [v for v in constants(right) if isinstance(v, (int, float)) and math.isfinite(v)]
    for atom in left:
        if isinstance(atom, (Part, View)) and not bounds:
            names = [v for v in constants(right) if isinstance(v, str)]
            for name in names:
                reader.read(atom.term.child("field", name))
        if not bounds or not isinstance(atom, (Part, Length)):
            continue
        operation: Any = "length" if isinstance(atom, Length) else "near"
        if operation == "near":
            atom.term.use("float" if isinstance(bounds[0], float) else "int")
        known: list[Any] = atom.term.lengths if operation == "length" else atom.term.bounds
        known.extend(b for b in bounds if b not in known)
        found = []
        for wanted in (operator, _OPPOSITE[operator]):
            values = tuple(b + distance for b in bounds for distance in _ORDER[wanted])
            limits: tuple[tuple[Comparison, float], ...] = ()
            if operation == "near":
                satisfied = COMPARISONS[_WRITTEN[wanted]]
                plain = (v for v in _PLAIN if all(satisfied(v, b) for b in bounds))
                values = tuple(dict.fromkeys((*values, *plain)))
                limits = ((_WRITTEN[wanted], bounds[0]),) if len(bounds) == 1 else ()
            else:
                longer = [b + _MUCH for b in bounds if _ORDER[wanted][-1] > 0]
                values = tuple(int(v) for v in (*values, *longer) if v >= 0)
            condition = Condition(atom.term, operation, values, limits=limits)
            found.append([condition] if values else [])
        return found[0], found[1]
    return _NEITHER


def _loose(reader: Reader, left: Value, right: Value) -> None:
    """A comparison with something whose origin the source does not tell."""
    for known, other in ((left, right), (right, left)):
        if not other:
            reader.words.update(dict.fromkeys(filter(_is_word, constants(known))))


def _is_word(value: Any) -> bool:
    """Not one of ASGI's own words."""
    if isinstance(value, str):
        return value not in ("http", "websocket", "lifespan") and "websocket." not in value
    return value is not None and not isinstance(value, bool)


_TESTS: dict[type[ast.expr], Callable[[Reader, Any, Scope], Sides]] = {
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.NamedExpr: _named,
    ast.Call: _call,
    ast.Compare: _compare,
}
