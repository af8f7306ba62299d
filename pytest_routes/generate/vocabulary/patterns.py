"""What the patterns of `match` statements ask of a message (PEP 634)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.dispatch import event_entry
from pytest_routes.generate.vocabulary.mappings import KeyOf, names_asked
from pytest_routes.generate.vocabulary.parameters import USES
from pytest_routes.generate.vocabulary.single import note_named
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import Display, Event, Part, constants

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term
    from pytest_routes.generate.vocabulary.values import Scope, Value


def match_case(
    reader: Reader, pattern: ast.pattern, subject: Value, scope: Scope
) -> list[Condition]:
    """The conditions of one case; its captures are stored in the scope."""
    known = _PATTERNS.get(type(pattern))
    return known(reader, pattern, subject, scope) if known is not None else []


def _terms(subject: Value) -> list[Term]:
    return [atom.term for atom in subject if isinstance(atom, Part)]


def _value(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:
    if any(isinstance(atom, KeyOf) for atom in subject):
        found = names_asked(reader, subject, constants(reader.evaluate(pattern.value, scope)))
        note_named(reader, subject, found, scope)
        return found
    return _is(subject, constants(reader.evaluate(pattern.value, scope)))


def _singleton(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:  # noqa: ARG001
    return _is(subject, [pattern.value])


def _is(subject: Value, values: list[Any]) -> list[Condition]:
    for term in _terms(subject):
        term.compare("is", values)
    return [Condition(term, "is", tuple(values)) for term in _terms(subject) if values]


def _mapping(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:
    found: list[Condition] = []
    for term in _terms(subject):
        term.use("dict")
        for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
            for name in constants(reader.evaluate(key, scope)):
                child = term.child("field", name)
                found.append(Condition(child, "present"))
                found.extend(match_case(reader, inner, (Part(child),), scope))
        if pattern.rest is not None:
            scope.names[pattern.rest] = (Part(term),)
    for atom in subject:
        if isinstance(atom, Event):
            found.extend(_event(reader, pattern, atom, scope))
    return found


def _event(reader: Reader, pattern: Any, event: Event, scope: Scope) -> list[Condition]:
    """`case {"type": "websocket.receive", "text": str(line)}`: what a raw event carries."""
    found: list[Condition] = []
    for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
        carried = event_entry(reader, event, constants(reader.evaluate(key, scope)))
        if carried:
            found.extend(match_case(reader, inner, carried, scope))
    return found


def _sequence(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:
    found: list[Condition] = []
    starred = next(
        (i for i, p in enumerate(pattern.patterns) if isinstance(p, ast.MatchStar)), None
    )
    for atom in subject:
        if isinstance(atom, Display) and starred is None:
            if len(atom.items) == len(pattern.patterns):
                for item, inner in zip(atom.items, pattern.patterns, strict=True):
                    found.extend(match_case(reader, inner, item, scope))
        elif isinstance(atom, Part):
            atom.term.use("list")
            wanted = len(pattern.patterns) - (starred is not None)
            atom.term.compare("length", [wanted])
            found.append(
                Condition(
                    atom.term, "length", (wanted,) if starred is None else (wanted, wanted + 2)
                )
            )
            for index, inner in enumerate(pattern.patterns):
                if index == starred:
                    if inner.name is not None:
                        scope.names[inner.name] = (atom,)
                elif starred is None or index < starred:
                    child = atom.term.child("index", index)
                    found.append(Condition(child, "present"))
                    found.extend(match_case(reader, inner, (Part(child),), scope))
    return found


def _class(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:
    name = ast.unparse(pattern.cls)
    found: list[Condition] = []
    for term in _terms(subject):
        if name in USES:
            term.use(*USES[name])
            found.append(Condition(term, "type", USES[name]))
            for inner in pattern.patterns:
                found.extend(match_case(reader, inner, (Part(term),), scope))
        for key, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            value = (Part(term.child("field", key)),)
            found.extend(match_case(reader, inner, value, scope))
        for thing in reader.evaluate(pattern.cls, scope):
            live = getattr(thing, "object", None)
            names = getattr(live, "__match_args__", ())
            if isinstance(live, type) and reader.owns(live) and isinstance(names, tuple):
                found.append(Condition(term, "model", (term.declare(live),)))
                for key, inner in zip(names, pattern.patterns, strict=False):
                    value = (Part(term.child("field", key)),)
                    found.extend(match_case(reader, inner, value, scope))
    return found


def _as(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:
    found = []
    if pattern.pattern is not None:
        found = match_case(reader, pattern.pattern, subject, scope)
    if pattern.name is not None:
        scope.names[pattern.name] = subject
    return found


def _or(reader: Reader, pattern: Any, subject: Value, scope: Scope) -> list[Condition]:
    ways = [match_case(reader, inner, subject, scope) for inner in pattern.patterns]
    return united(ways)


def united(ways: list[list[Condition]]) -> list[Condition]:
    """One condition for several ways that all ask the same of the same terms, else none."""
    first = ways[0]
    for position, condition in enumerate(first):
        for way in ways[1:]:
            if len(way) != len(first):
                return []
            other = way[position]
            if (other.term, other.operation, other.holds) != (
                condition.term,
                condition.operation,
                condition.holds,
            ):
                return []
    return [
        Condition(
            c.term,
            c.operation,
            tuple(dict.fromkeys(v for way in ways for v in way[position].values)),
            c.holds,
        )
        for position, c in enumerate(first)
    ]


_PATTERNS: dict[type[ast.pattern], Callable[[Reader, Any, Value, Scope], list[Condition]]] = {
    ast.MatchValue: _value,
    ast.MatchSingleton: _singleton,
    ast.MatchMapping: _mapping,
    ast.MatchSequence: _sequence,
    ast.MatchClass: _class,
    ast.MatchAs: _as,
    ast.MatchOr: _or,
}
