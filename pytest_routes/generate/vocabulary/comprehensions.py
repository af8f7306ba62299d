"""What comprehensions make of messages, and of what the source knows."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.conditions import asked, comprehended
from pytest_routes.generate.vocabulary.inspected import is_known_false
from pytest_routes.generate.vocabulary.mappings import members_named
from pytest_routes.generate.vocabulary.unpacking import ITERABLE, store
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Display,
    Guarded,
    Live,
    Part,
    Scope,
    Table,
    Value,
    Verdict,
    parts,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Condition


def comprehension(reader: Reader, node: Any, scope: Scope) -> Value:
    if isinstance(node, ast.DictComp) and len(node.generators) == 1:
        table = _written_out(reader, node, scope)
        if table:
            return table
    inner, conditions = comprehended(reader, node, scope)
    with reader.under(conditions):
        if isinstance(node, ast.DictComp):
            key = reader.evaluate(node.key, inner)
            value = reader.evaluate(node.value, inner)
            for members in members_named(key):
                return (reader.read(members),)
            return (Table(((key, value),)),)
        listed = _listed(reader, node, scope)
        if listed:
            return (Display(listed),)
        each = _listed_each(reader, node, scope)
        if each:
            return each
        asked(reader, node.elt, inner)
        element = reader.evaluate(node.elt, inner)
    whole = _each_of(reader, node, element, scope)
    return whole or (Display((element,)), *_none_left(reader, node, scope))


def _none_left(reader: Reader, node: Any, scope: Scope) -> Value:
    """`[k for k in NEEDED if k not in data]`: what holds when the list is empty."""
    generator = node.generators[0]
    if len(node.generators) != 1 or len(generator.ifs) != 1:
        return ()
    value = reader.evaluate(generator.iter, scope)
    if any(isinstance(atom, Guarded) for atom in value):
        return _none_left_of_each(reader, node, value, scope)
    items = _turns(value[0]) if len(value) == 1 else None
    holds: list[Condition] = []
    for item in (items or [])[:_MOST_LISTED]:
        inner = Scope(scope.globals, outer=scope)
        store(reader, generator.target, item, inner)
        holds += asked(reader, generator.ifs[0], inner)[1]
    return (Verdict((), tuple(holds)),) if holds else ()


def _none_left_of_each(reader: Reader, node: Any, value: Value, scope: Scope) -> Value:
    """The same in the branch of each entry of a table: `[k for k in NEEDED[verb] if ...]`."""
    found: list[Atom] = []
    for condition, items in _by_entry(value) or ():
        holds: list[Condition] = []
        with reader.under(condition):
            for item in items[:_MOST_LISTED]:
                inner = Scope(scope.globals, outer=scope)
                store(reader, node.generators[0].target, item, inner)
                holds += asked(reader, node.generators[0].ifs[0], inner)[1]
        found += [Guarded(each, Verdict((), tuple(holds))) for each in condition if holds]
    return tuple(found)


def _by_entry(value: Value) -> list[tuple[tuple[Condition, ...], list[Value]]] | None:
    """The turns of a loop over what is known, with the condition under which each is there; None
    when they are not all known."""
    found: list[tuple[tuple[Condition, ...], list[Value]]] = []
    for atom in value:
        condition = (atom.condition,) if isinstance(atom, Guarded) else ()
        each = _turns(atom.value if isinstance(atom, Guarded) else atom)
        if each is None:
            return None
        found.append((condition, each))
    return found


def _written_out(reader: Reader, node: ast.DictComp, scope: Scope) -> Value:
    """The table that `{f.__name__: f for f in (start, stop)}` makes of what is known."""
    generator = node.generators[0]
    entries: list[tuple[Value, Value]] = []
    for condition, each in _by_entry(reader.evaluate(generator.iter, scope)) or ():
        with reader.under(condition):
            for item in each:
                inner = Scope(scope.globals, outer=scope)
                store(reader, generator.target, item, inner)
                if any(is_known_false(reader, test, inner) for test in generator.ifs):
                    continue
                key = reader.evaluate(node.key, inner)
                entries.append((key, reader.evaluate(node.value, inner)))
                for members in members_named(key):
                    return (reader.read(members),)
    return (Table(tuple(entries)),) if entries else ()


def _listed(reader: Reader, node: Any, scope: Scope, least: int = 2) -> tuple[Value, ...]:
    """One element for each of the values that the source lists: `[data[k] for k in ("a", "b")]`."""
    if not isinstance(node, ast.ListComp) or len(node.generators) != 1 or node.generators[0].ifs:
        return ()
    value = reader.evaluate(node.generators[0].iter, scope)
    items = _turns(value[0]) if len(value) == 1 else None
    if items is None or not least <= len(items) <= _MOST_LISTED:
        return ()
    return _elements(reader, node, items, scope)


def _listed_each(reader: Reader, node: Any, scope: Scope) -> Value:
    """`[convert(word) for convert, word in zip(types, words)]`, by entry of a table."""
    if not isinstance(node, (ast.ListComp, ast.GeneratorExp)) or len(node.generators) != 1:
        return ()
    found: list[Atom] = []
    for atom in reader.evaluate(node.generators[0].iter, scope):
        if isinstance(atom, Guarded) and isinstance(atom.value, Display):
            with reader.under((atom.condition,)):
                elements = _elements(reader, node, list(atom.value.items), scope)
            found.append(Guarded(atom.condition, Display(elements)))
    return tuple(found)


def _elements(reader: Reader, node: Any, items: list[Value], scope: Scope) -> tuple[Value, ...]:
    elements: list[Value] = []
    for item in items:
        inner = Scope(scope.globals, outer=scope)
        store(reader, node.generators[0].target, item, inner)
        elements.append(reader.evaluate(node.elt, inner))
    return tuple(elements)


_MOST_LISTED = 16


def _each_of(reader: Reader, node: Any, element: Value, scope: Scope) -> Value:
    """The pieces that a comprehension goes through, when each becomes itself, whatever is
    stripped from it or converted: `[word.strip() for word in line.split(",")]`."""
    terms = parts(element)
    if len(node.generators) != 1 or len(terms) != 1 or len(element) != 1:
        return ()
    for whole in parts(reader.evaluate(node.generators[0].iter, scope)):
        if terms[0].role == "item" and terms[0].parent is whole:
            return (Part(whole),)
    return ()


def spread(reader: Reader, node: ast.expr, scope: Scope) -> tuple[Value, ...]:
    """The arguments that `*(data[name] for name in NAMES)` stands for; empty when it is not
    known how many there are."""
    if not isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        return ()
    return _listed(reader, ast.ListComp(node.elt, node.generators), scope, least=1)


def _turns(atom: Atom) -> list[Value] | None:
    """What each turn of a loop over something known sees; None when it is not known."""
    if isinstance(atom, Display):
        return list(atom.items)
    if isinstance(atom, Live) and type(atom.object) in ITERABLE:
        return [(Live(item),) for item in list(atom.object)[:64]]
    return None
