"""What names, attributes and the turns of a loop receive of a value, element by element."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.connection import is_open, put
from pytest_routes.generate.vocabulary.layouts import behind, kept_under
from pytest_routes.generate.vocabulary.letters import each_of, is_text
from pytest_routes.generate.vocabulary.mappings import members_named, seen
from pytest_routes.generate.vocabulary.setters import set_property
from pytest_routes.generate.vocabulary.values import (
    Changing,
    Channel,
    Display,
    Guarded,
    Instance,
    Live,
    Part,
    Scope,
    ScopeDict,
    Socket,
    Subprotocols,
    Table,
    Value,
    View,
    is_data,
    merged,
    said_by,
    stored,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader


def store(reader: Reader, target: ast.expr, value: Value, scope: Scope) -> None:
    """Give a name, an attribute or a tuple of them its value."""
    if isinstance(target, ast.Name):
        scope.names[target.id] = value
    elif isinstance(target, ast.Starred):
        store(reader, target.value, value, scope)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for position, element in enumerate(target.elts):
            store(reader, element, _element(reader, target, position, value), scope)
    elif isinstance(target, ast.Attribute):
        for atom in reader.evaluate(target.value, scope):
            if isinstance(atom, Live) and reader.owns(type(atom.object)):
                atom = reader.instance_of(atom.object)
            if isinstance(atom, Socket):
                atom = reader.kept.own
            if isinstance(atom, Instance) and not set_property(reader, atom, target.attr, value):
                known = atom.attributes.get(target.attr, ())
                if any(reader.is_asked(term.root) for term in said_by(value)):
                    # What one command leaves behind is not said by the next one.
                    value = stored(value)
                if not value and known and all(map(is_data, known)):
                    # What it was first is not what it is.
                    value = (Changing(),)
                atom.attributes[target.attr] = merged([known, value])
    elif isinstance(target, ast.Subscript):
        key = reader.evaluate(target.slice, scope)
        kept_under(key)
        for atom in reader.evaluate(target.value, scope):
            if isinstance(atom, Table):
                atom.put(key, value)
            elif isinstance(atom, Live) and isinstance(atom.object, dict):
                reader.added_to(atom.object).put(key, value)
            elif isinstance(atom, ScopeDict) or is_open(atom):
                place = reader.kept.scope if isinstance(atom, ScopeDict) else atom
                said = any(reader.is_asked(term.root) for term in said_by(value))
                put(place, key, value, said=said)
        if isinstance(target.value, ast.Name):
            for members in members_named(key):
                scope.names[target.value.id] = (reader.read(members),)


def _element(reader: Reader, target: Any, position: int, value: Value) -> Value:
    """What the element at a position of a tuple target receives."""
    starred = next((i for i, e in enumerate(target.elts) if isinstance(e, ast.Starred)), None)
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Part):
            if starred is None:
                atom.term.compare("length", [len(target.elts)])
            elif atom.term.role == "struct" and position >= starred:
                rest = behind(reader, len(target.elts), starred, position, atom.term)
                found.append(rest or ())
                continue
            if position == starred and position == len(target.elts) - 1:
                found.append((reader.read(atom.term.child("slice", (position, None))),))
            elif position == starred:
                found.append((atom,))
            else:
                index = position if starred is None or position < starred else position + 1
                child = atom.term.child("index", index)
                for each in atom.term.of("item"):
                    child.use(*each.uses)  # `x, y = map(int, words)`
                found.append((reader.read(child),))
        elif isinstance(atom, View) and starred is None:
            found.append(_seen(reader, atom))
        elif isinstance(atom, Guarded):
            with reader.under((atom.condition,)):
                inner = _element(reader, target, position, (atom.value,))
            found.append(tuple(Guarded(atom.condition, each) for each in inner))
        elif isinstance(atom, Display) and position < len(atom.items) and starred is None:
            found.append(atom.items[position])
        elif isinstance(atom, Live) and isinstance(atom.object, (tuple, list)) and starred is None:
            found.extend((Live(item),) for item in atom.object[position : position + 1])
    return merged(found)


def iterated(reader: Reader, value: Value) -> Value:
    """What one turn of a loop over the value sees."""
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Part) and is_text(atom.term):
            found.append((each_of(reader, atom.term),))
        elif isinstance(atom, Part):
            atom.term.use("list")
            found.append((reader.read(atom.term.child("item")),))
        elif isinstance(atom, View):
            found.append(_seen(reader, atom))
        elif isinstance(atom, Subprotocols):
            found.append((atom,))
        elif isinstance(atom, Display):
            found.extend(atom.items)
        elif isinstance(atom, Table):
            found.extend(key for key, _ in atom.entries)
        elif isinstance(atom, Channel):
            found.extend(atom.held)
        elif isinstance(atom, Live) and type(atom.object) in ITERABLE:
            found.append(tuple(Live(item) for item in list(atom.object)[:64]))
    return merged(found)


ITERABLE = (tuple, list, set, frozenset, dict)


def _seen(reader: Reader, view: View) -> Value:
    if view.what == "stream":
        return (Part(view.term),)
    if view.what == "letters" or (view.what == "enumerate" and is_text(view.term)):
        letter: Value = (each_of(reader, view.term),)
        return letter if view.what == "letters" else (Display(((), letter)),)
    if view.what == "enumerate":
        view.term.use("list")
        return (Display(((), (reader.read(view.term.child("item")),))),)
    view.term.use("dict")
    return seen(reader, view)
