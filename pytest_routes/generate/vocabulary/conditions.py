"""What a test in the source asks of a message, and what its negation does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.comparisons import (
    NEITHER,
    PLAIN_TYPES,
    Sides,
    compared,
    matched_sides,
    pair,
    type_names,
)
from pytest_routes.generate.vocabulary.equals import note_equal
from pytest_routes.generate.vocabulary.filling import note_among
from pytest_routes.generate.vocabulary.given import sides_of_truth
from pytest_routes.generate.vocabulary.patterns import united
from pytest_routes.generate.vocabulary.single import note_named
from pytest_routes.generate.vocabulary.terms import Condition, Term
from pytest_routes.generate.vocabulary.unions import left_over
from pytest_routes.generate.vocabulary.unpacking import iterated, store
from pytest_routes.generate.vocabulary.values import (
    Display,
    Live,
    Matched,
    Part,
    Scope,
    Value,
    Verdict,
    constants,
    is_kept,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader

_TEXT_TESTS = {"startswith": "prefix", "endswith": "suffix"}


def asked(reader: Reader, node: ast.expr, scope: Scope) -> Sides:
    """What a test asks; everything in it is taken notice of."""
    known = _TESTS.get(type(node))
    if known is not None:
        return known(reader, node, scope)
    return _truth(reader.evaluate(node, scope))


def _truth(value: Value) -> Sides:
    sides = sides_of_truth(value)
    if sides is not None:
        return sides
    for atom in value:
        if isinstance(atom, Matched):
            return matched_sides(value)
        if isinstance(atom, Verdict):
            return list(atom.when_true), list(atom.when_false)
        if isinstance(atom, Part) and not is_kept(value):
            atom.term.optional = True
            condition = Condition(atom.term, "true")
            return [condition], [condition.negated()]
    return NEITHER


def _bool_op(reader: Reader, node: Any, scope: Scope) -> Sides:
    both = isinstance(node.op, ast.And)
    sides: list[Sides] = []
    before: list[Condition] = []
    for value in node.values:
        # What stands behind `and` is only looked at when what stands before is true.
        with reader.under(before, halfway=both):
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
    return NEITHER


def _named(reader: Reader, node: Any, scope: Scope) -> Sides:
    sides = asked(reader, node.value, scope)
    reader.evaluate(node, scope)
    return sides


def _call(reader: Reader, node: Any, scope: Scope) -> Sides:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _TEXT_TESTS and node.args:
        operation = _TEXT_TESTS[node.func.attr]
        argument = reader.evaluate(node.args[0], scope)
        values = constants(argument)
        for atom in reader.evaluate(node.func.value, scope):
            if isinstance(atom, Part):
                twins = [t for t in parts(argument) if t.root is atom.term.root]
                if twins and twins[0] is not atom.term and not values:
                    # Every text begins and ends with itself.
                    same = Condition(atom.term, "same", tuple(twins[:1]))
                    return [same], [same.negated()]
                atom.term.use("bytes" if values and isinstance(values[0], bytes) else "str")
                return compared(atom.term, operation, values)
            if isinstance(atom, Live):
                break
        else:
            reader.words.update(dict.fromkeys(values))
        return NEITHER
    if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
        for atom in reader.evaluate(node.args[0], scope):
            if isinstance(atom, Part):
                return _instance(reader, atom.term, node.args[1], scope)
        return NEITHER
    if isinstance(node.func, ast.Name) and node.func.id in ("all", "any") and node.args:
        inner = node.args[0]
        if isinstance(inner, (ast.GeneratorExp, ast.ListComp)):
            each = _of_each(reader, inner, scope)
            if each is not None:
                return (each[0], []) if node.func.id == "all" else ([], each[1])
            names, conditions = comprehended(reader, inner, scope)
            with reader.under(conditions):
                when_true, when_false = asked(reader, inner.elt, names)
            # One item, or none, may be to blame when not all are as wanted.
            return when_true, when_false if node.func.id == "any" else []
    return _truth(reader.evaluate(node, scope))


def _of_each(reader: Reader, node: Any, scope: Scope) -> Sides | None:
    """What it asks of several parts of a message: `all(test(v) for v in (first, second))`."""
    (generator, *others) = node.generators
    if others or generator.ifs or not isinstance(generator.iter, (ast.Tuple, ast.List)):
        return None
    value = reader.evaluate(generator.iter, scope)
    items = [i for atom in value if isinstance(atom, Display) for i in atom.items]
    if len(items) < 2 or not all(map(parts, items)):
        return None
    sides: Sides = ([], [])
    for item in items:
        inner = Scope(scope.globals, outer=scope)
        store(reader, generator.target, item, inner)
        with reader.under(sides[0]):
            found = asked(reader, node.elt, inner)
        sides[0].extend(found[0])
        sides[1].extend(found[1])
    return sides


def comprehended(reader: Reader, node: Any, scope: Scope) -> tuple[Scope, list[Condition]]:
    """The names inside a comprehension, and what its filters ask."""
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
        if name in PLAIN_TYPES:
            names.append(name)
            continue
        names.extend(type_names(reader.evaluate(element, scope)))
        models.extend(
            atom.object
            for atom in reader.evaluate(element, scope)
            if isinstance(atom, Live) and isinstance(atom.object, type) and reader.owns(atom.object)
        )
    if models:
        return model_sides(reader, term, models)
    return compared(term, "type", names)


def model_sides(reader: Reader, term: Term, models: list[type]) -> Sides:
    """The value is of one of these types; if not, of what is left of a declared union."""
    condition = Condition(term, "model", tuple(term.declare(model) for model in models))
    not_these = [condition.negated()]
    rest = left_over(term, models, reader.present)
    if rest:
        not_these.append(Condition(term, "model", tuple(term.declare(each) for each in rest)))
    return [condition], not_these


def _compare(reader: Reader, node: Any, scope: Scope) -> Sides:
    when_true: list[Condition] = []
    when_false: list[Condition] = []
    left = reader.evaluate(node.left, scope)
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = reader.evaluate(comparator, scope)
        if isinstance(operator, (ast.In, ast.NotIn)):
            note_among(left, comparator, right)
        sides = pair(reader, type(operator), left, right)
        when_true.extend(sides[0])
        when_false = sides[1] if len(node.ops) == 1 else []
        if len(node.ops) == 1:
            note_equal(reader, node, scope, (left, right), sides)
            note_named(reader, left, (*sides[0], *sides[1]), scope)
        left = right
    return when_true, when_false


_TESTS: dict[type[ast.expr], Callable[[Reader, Any, Scope], Sides]] = {
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.NamedExpr: _named,
    ast.Call: _call,
    ast.Compare: _compare,
}
