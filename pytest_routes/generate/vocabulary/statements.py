"""What each kind of statement says about messages.

Every function here reads one statement. It returns the conditions that hold behind it: those
under which it did not leave the block.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.conditions import asked, model_sides
from pytest_routes.generate.vocabulary.coroutines import yielded
from pytest_routes.generate.vocabulary.exits import exceptions_named, leaves, refuses
from pytest_routes.generate.vocabulary.given import returned
from pytest_routes.generate.vocabulary.guarded import needed_by_entry
from pytest_routes.generate.vocabulary.handlers import guard_names
from pytest_routes.generate.vocabulary.loops import read_turns, turns_of
from pytest_routes.generate.vocabulary.named_tests import named_test, settled_names
from pytest_routes.generate.vocabulary.objects import ABSENT
from pytest_routes.generate.vocabulary.parameters import Arguments
from pytest_routes.generate.vocabulary.patterns import match_case
from pytest_routes.generate.vocabulary.single import as_many
from pytest_routes.generate.vocabulary.unpacking import iterated, store
from pytest_routes.generate.vocabulary.values import (
    Bound,
    Live,
    Local,
    Part,
    Scope,
    Value,
    Verdict,
    merged,
)
from pytest_routes.generate.vocabulary.waiting import entered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Condition

Implied: TypeAlias = "Sequence[Condition] | None"


def _expression(reader: Reader, node: Any, scope: Scope) -> Implied:
    if isinstance(node.value, ast.Yield):
        yielded(reader, node.value, scope, taken=False)
    else:
        reader.evaluate(node.value, scope)
    return None


def _return(reader: Reader, node: Any, scope: Scope) -> Implied:
    value = reader.evaluate(node.value, scope)
    verdict = _verdict(reader, node.value, value, scope)
    reader.note_return()
    value = returned(value, reader.since_entry()) if node.value is not None else (Live(None),)
    scope.returned.extend((*value, *verdict))
    return None


def _verdict(reader: Reader, node: ast.expr | None, value: Value, scope: Scope) -> Value:
    """What a test, or `True` behind tests that have returned early, says of a message."""
    before = reader.since_entry()
    if isinstance(node, (ast.BoolOp, ast.UnaryOp, ast.Compare)) or (
        isinstance(node, ast.Call) and not value
    ):
        when_true, when_false = asked(reader, node, scope)
    elif any(isinstance(atom, Live) and atom.object is True for atom in value):
        when_true, when_false = [], []
    else:
        return ()
    holds = (*before, *when_true)
    return (Verdict(holds, () if before else tuple(when_false)),) if holds else ()


def _assign(reader: Reader, node: Any, scope: Scope) -> Implied:
    named = all(isinstance(target, ast.Name) for target in node.targets)
    test = named_test(reader, node.value, scope) if named else None
    value = reader.evaluate(node.value, scope) if test is None else test
    for target in node.targets:
        store(reader, target, value, scope)
    return as_many(node.targets, value)


def _annotated(reader: Reader, node: Any, scope: Scope) -> Implied:
    if node.value is not None:
        store(reader, node.target, reader.evaluate(node.value, scope), scope)
    return None


def _augmented(reader: Reader, node: Any, scope: Scope) -> Implied:
    for atom in reader.evaluate(node.value, scope):
        if isinstance(atom, Part) and not isinstance(node.op, (ast.BitOr, ast.BitAnd)):
            atom.term.use("str" if _is_text(reader, node.target, scope) else "int")
    return None


def _is_text(reader: Reader, target: ast.expr, scope: Scope) -> bool:
    if not isinstance(target, ast.Name):
        return False
    value = reader.evaluate(target, scope)
    return any(isinstance(a, Live) and isinstance(a.object, (str, bytes)) for a in value)


def _if(reader: Reader, node: Any, scope: Scope) -> Implied:
    halves = reader.halves()
    when_true, when_false = asked(reader, node.test, scope)
    if not node.orelse and refuses(reader, node.body, scope):
        reader.note_doubted(halves)
        needed_by_entry(reader, node.test, scope)
    _branch(reader, node.body, scope, when_true)
    _branch(reader, node.orelse, scope, when_false)
    sides = ((node.body, when_true, when_false), (node.orelse, when_false, when_true))
    for body, conditions, others in sides:
        if refuses(reader, body, scope):
            reader.note_needed(others)
            # A refusal for another reason than the message says nothing of the message.
            if conditions:
                with reader.under(conditions):
                    reader.note_refusal()
                _note_the_other_way(reader, conditions)
    if leaves(node.body) and not leaves(node.orelse):
        return when_false
    if leaves(node.orelse) and not leaves(node.body):
        return when_true
    return None


def _note_the_other_way(reader: Reader, refused: Sequence[Condition]) -> None:
    """`if a and b not in KNOWN: raise ...`: what is served says `a` and one of the known."""
    missing = [c for c in refused if not c.holds]
    if len(missing) == 1 and len(refused) > 1 and missing[0].operation == "is":
        with reader.under([c.negated() if c is missing[0] else c for c in refused]):
            pass  # being there is what is remembered


def _branch(
    reader: Reader, body: Sequence[ast.stmt], scope: Scope, conditions: Sequence[Condition]
) -> None:
    before = dict(scope.names)
    with reader.under(conditions):
        reader.execute(body, scope)
    guard_names(scope.names, before, conditions)
    for name, value in before.items():
        if scope.names.get(name) is not value:
            now = scope.names.get(name, ())
            scope.names[name] = merged([settled_names(value), settled_names(now)])


def _while(reader: Reader, node: Any, scope: Scope) -> Implied:
    reader.loops += 1
    when_true, when_false = asked(reader, node.test, scope)
    with reader.under(when_true):
        reader.execute(node.body, scope)
    reader.loops -= 1
    with reader.under(when_false):
        reader.execute(node.orelse, scope)
    ended_by_test = not any(isinstance(each, ast.Break) for each in ast.walk(node))
    return when_false if ended_by_test else None


def _for(reader: Reader, node: Any, scope: Scope) -> Implied:
    streaming = isinstance(node, ast.AsyncFor)
    reader.loops += streaming
    value = reader.evaluate(node.iter, scope)
    reader.loops += not streaming
    implied: Implied = None
    turns = turns_of(node, value)
    if turns:
        implied = read_turns(reader, node, turns, scope)
    else:
        store(reader, node.target, iterated(reader, value), scope)
        reader.execute(node.body, scope)
    reader.loops -= 1
    reader.execute(node.orelse, scope)
    return implied


def _with(reader: Reader, node: Any, scope: Scope) -> Implied:
    for item in node.items:
        value = entered(reader, reader.evaluate(item.context_expr, scope))
        if item.optional_vars is not None:
            store(reader, item.optional_vars, value, scope)
    reader.execute(node.body, scope)
    return None


def _try(reader: Reader, node: Any, scope: Scope) -> Implied:
    handled = [
        cls for handler in node.handlers for cls in exceptions_named(reader, handler.type, scope)
    ]
    with reader.handling(handled):
        held = reader.attempt(node.body, scope)
    for handler in node.handlers:
        _branch(reader, handler.body, scope, ())
    with reader.under(held):
        reader.execute(node.orelse, scope)
    reader.execute(node.finalbody, scope)
    return held if all(leaves(handler.body) for handler in node.handlers) else None


def _match(reader: Reader, node: Any, scope: Scope) -> Implied:
    subject = reader.evaluate(node.subject, scope)
    not_taken: list[Condition] = []
    for case in node.cases:
        conditions = match_case(reader, case.pattern, subject, scope)
        with reader.under([*not_taken, *conditions]):
            guard = asked(reader, case.guard, scope)[0] if case.guard is not None else []
            _branch(reader, case.body, scope, [*not_taken, *conditions, *guard])
        if case.guard is None and len(conditions) == 1:
            not_taken += _otherwise(reader, conditions[0], not_taken)
    return None


def _otherwise(
    reader: Reader, condition: Condition, before: Sequence[Condition]
) -> list[Condition]:
    """What the cases behind one are about: what is left of a declared union, say."""
    if condition.operation != "model":
        return [condition.negated()]
    with reader.under(before):
        models = [declared.annotation for declared in condition.values]
        return model_sides(reader, condition.term, models)[1]


def _define(reader: Reader, node: Any, scope: Scope) -> Implied:
    from pytest_routes.generate.vocabulary.callees import call

    value: Value = (Local(node, scope),)
    for decorator in reversed(node.decorator_list):
        for atom in reader.evaluate(decorator, scope):
            if isinstance(atom, (Local, Live, Bound)):
                value = call(reader, atom, Arguments((value,)), decorator) or value
    scope.names[node.name] = value
    return None


def _raise(reader: Reader, node: Any, scope: Scope) -> Implied:
    reader.evaluate(node.exc, scope)
    return None


def _assert(reader: Reader, node: Any, scope: Scope) -> Implied:
    return asked(reader, node.test, scope)[0]


def _import(reader: Reader, node: Any, scope: Scope) -> Implied:  # noqa: ARG001
    """A module that has been imported already; nothing is imported to read a source."""
    for alias in node.names:
        module = sys.modules.get(alias.name if alias.asname else alias.name.partition(".")[0])
        if module is not None:
            name = alias.asname or alias.name.partition(".")[0]
            scope.names[name] = (Live(module),)
    return None


def _import_from(reader: Reader, node: Any, scope: Scope) -> Implied:  # noqa: ARG001
    package = scope.globals.get("__package__") or ""
    if node.level:
        stem = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
        name = f"{stem}.{node.module}" if node.module else stem
    else:
        name = node.module or ""
    module = sys.modules.get(name)
    for alias in node.names:
        found = getattr(module, "__dict__", {}).get(alias.name, ABSENT)
        if found is ABSENT:
            found = sys.modules.get(f"{name}.{alias.name}", ABSENT)
        if found is not ABSENT:
            scope.names[alias.asname or alias.name] = (Live(found),)
    return None


def _delete(reader: Reader, node: Any, scope: Scope) -> Implied:
    for target in node.targets:
        reader.evaluate(target, scope)
    return None


STATEMENTS: dict[type[ast.stmt], Callable[[Reader, Any, Scope], Implied]] = {
    ast.Expr: _expression,
    ast.Return: _return,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.FunctionDef: _define,
    ast.AsyncFunctionDef: _define,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Delete: _delete,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
}
