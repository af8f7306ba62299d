"""What a call says: taking a message, looking into one, handing one on."""

from __future__ import annotations

import ast
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.declared import named_values
from pytest_routes.generate.vocabulary.callees import call, hand_on, is_callable, method_of_object
from pytest_routes.generate.vocabulary.comprehensions import spread
from pytest_routes.generate.vocabulary.dispatch import entry, named_attributes, note_lookup
from pytest_routes.generate.vocabulary.distinct import counts_distinct
from pytest_routes.generate.vocabulary.filling import note_among
from pytest_routes.generate.vocabulary.functions import FUNCTIONS
from pytest_routes.generate.vocabulary.layouts import guarded_by
from pytest_routes.generate.vocabulary.mappings import members_named
from pytest_routes.generate.vocabulary.methods import METHODS, is_dump
from pytest_routes.generate.vocabulary.objects import (
    ABSENT,
    attribute,
)
from pytest_routes.generate.vocabulary.parameters import Arguments
from pytest_routes.generate.vocabulary.templates import template_of
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Display,
    Guarded,
    Instance,
    Live,
    Part,
    Scope,
    Socket,
    Subprotocols,
    Table,
    Value,
    View,
    constants,
    merged,
    parts,
)
from pytest_routes.generate.vocabulary.waiting import ENTERS, TASKS, entered

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Frame, Role, Term

# How a message is taken: what kind of frame, and what the framework makes of it.
TAKES: dict[str, tuple[Frame, Role | None]] = {
    "receive_text": ("text", None),
    "receive_bytes": ("bytes", None),
    "receive_json": ("json", None),
    "receive_data": ("text", None),
    "receive_msgpack": ("bytes", "msgpack"),
    "iter_text": ("text", None),
    "iter_bytes": ("bytes", None),
    "iter_json": ("json", None),
    "iter_data": ("text", None),
    "iter_msgpack": ("bytes", "msgpack"),
}


# How the body of an HTTP request is taken. On anything but a request the names mean nothing.
BODIES: dict[str, Frame] = {"json": "json", "form": "form", "body": "bytes"}


def called(reader: Reader, node: ast.Call, scope: Scope) -> Value:
    """What a call returns, as far as it has to do with messages."""
    arguments = _arguments(reader, node, scope)
    _note_subprotocols(reader, arguments)
    if isinstance(node.func, ast.Attribute):
        return _method(reader, node, node.func, arguments, scope)
    if isinstance(node.func, ast.Name) and node.func.id == "getattr":
        return _getattr(reader, node, arguments)
    if isinstance(node.func, ast.Name) and node.func.id == "globals" and not node.args:
        return (Live(scope.globals),)
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return (scope.instance,) if scope.instance is not None else ()
    callees = reader.evaluate(node.func, scope)
    if counts_distinct(node):
        for term in parts(arguments.named("", 0)):
            term.use("distinct")
    if not callees:
        hand_on(reader, arguments, node)
    return merged(call(reader, callee, arguments, node) for callee in callees)


def _arguments(reader: Reader, node: ast.Call, scope: Scope) -> Arguments:
    positional: list[Value] = []
    star: Value = ()
    for argument in node.args:
        known = spread(reader, argument.value, scope) if isinstance(argument, ast.Starred) else ()
        if known:
            positional += known
            continue
        value = reader.evaluate(argument, scope)
        if isinstance(argument, ast.Starred):
            star = value
        else:
            positional.append(value)
    keywords: list[tuple[str, Value]] = []
    double_star: Value = ()
    dumped = False
    for keyword in node.keywords:
        value = reader.evaluate(keyword.value, scope)
        if keyword.arg is None:
            double_star, dumped = value, is_dump(keyword.value)
        else:
            keywords.append((keyword.arg, value))
    return Arguments(tuple(positional), tuple(keywords), star, double_star, dumped)


def _note_subprotocols(reader: Reader, arguments: Arguments) -> None:
    """`accept(subprotocol="x")` (`subprotocols` in Litestar), and the raw event that says it."""
    found: list[Any] = []
    for name, value in arguments.keywords:
        if name in ("subprotocol", "subprotocols"):
            found += constants(value)
            reader.negotiates |= found != [None]
    for value in arguments.positional:
        for atom in value:
            if isinstance(atom, Table):
                pairs = [(constants(key), item) for key, item in atom.items]
                named = [item for key, item in pairs if key == ["subprotocol"]]
                found.extend(c for item in named for c in constants(item))
    reader.subprotocols.update({name: None for name in found if isinstance(name, str)})


def _method(
    reader: Reader, node: ast.Call, func: ast.Attribute, arguments: Arguments, scope: Scope
) -> Value:
    base = reader.evaluate(func.value, scope)
    name = func.attr
    if name in _LOOKUPS:
        note_among(arguments.named("", 0), func.value, base)
    if name == "result" and not node.args and not any(isinstance(a, Instance) for a in base):
        return base  # of a task, which stands for what awaiting it gives
    if name == "setdefault" and isinstance(func.value, ast.Name):
        for members in members_named(arguments.named("key", 0)):
            scope.names[func.value.id] = (reader.read(members),)
    results: list[Value] = []
    understood = False
    for atom in base:
        answer = _method_of(reader, atom, name, arguments, node)
        if answer is not None:
            understood = True
            results.append(answer)
    if understood:
        return merged(results)
    if name in TAKES:
        return _taken(reader, node, name, arguments)
    if name in BODIES and any(isinstance(atom, Socket) for atom in base):
        return (Part(reader.site(node, BODIES[name])),)
    if name == "receive":
        return _received(reader, node, base)
    keys = [k for value in arguments.positional[:1] for k in constants(value) if isinstance(k, str)]
    if name in ("get", "getlist") and any(k.lower() == "sec-websocket-protocol" for k in keys):
        return (Subprotocols(),)
    if name in _LOOKUPS and not base:
        note_lookup(arguments.named("", 0))
    if name in ("get", "pop", "setdefault") and not base:
        reader.keys.update(dict.fromkeys(keys))
    hand_on(reader, arguments, node)
    if name in TASKS:
        return arguments.named("", 0)
    if name in ENTERS:
        return entered(reader, arguments.named("cm", 0))
    return arguments.named("default", 1) if name in ("get", "setdefault") else ()


_LOOKUPS = frozenset({"get", "pop", "remove", "discard", "index"})


def _method_of(
    reader: Reader, atom: Atom, name: str, arguments: Arguments, node: ast.Call
) -> Value | None:
    """What `atom.name(...)` returns; None when nothing is known about it."""
    if isinstance(atom, Guarded):
        with reader.under((atom.condition,)):
            answer = _method_of(reader, atom.value, name, arguments, node)
        return guarded_by(atom, answer)
    known = METHODS.get(type(atom))
    if known is not None:
        return known(reader, atom, name, arguments)
    if isinstance(atom, Live) and isinstance(atom.object, ModuleType):
        # Some modules load what is in them late; only its name is there to be read.
        late = FUNCTIONS.get(f"{atom.object.__name__}.{name}")
        if late is not None and attribute(atom.object, name) is ABSENT:
            return late(reader, arguments, name)
    if isinstance(atom, Live):
        answer = method_of_object(reader, atom, name, arguments)
        if answer is not None:
            return answer
    if isinstance(atom, Display) and name in _LOOKUPS:
        note_lookup(arguments.named("", 0))
        return ()
    if isinstance(atom, Table) and name in ("values", "items"):
        each = merged(value for _, value in atom.entries)
        return (Display((each if name == "values" else (Display(((), each)),),)),)
    if isinstance(atom, Table) and name == "setdefault":
        key, value = arguments.named("key", 0), arguments.named("default", 1)
        atom.put(key, value)
        return merged([entry(reader, atom, key), value])
    if isinstance(atom, Table) and name in ("get", "pop"):
        return entry(reader, atom, arguments.named("key", 0))
    from pytest_routes.generate.vocabulary.expressions import attribute_of

    callees = attribute_of(reader, atom, name)
    answers = [call(reader, c, arguments, node) for c in callees if is_callable(reader, c)]
    return merged(answers) if answers else None


def _taken(reader: Reader, node: ast.Call, name: str, arguments: Arguments) -> Value:
    frame, codec = TAKES[name]
    if "binary" in constants(arguments.named("mode", 0)):
        codec = "json" if frame == "json" else codec
        frame = "bytes"
    streaming = name.startswith("iter_")
    term = reader.site(node, frame, repeated=True if streaming else None)
    if codec is not None:
        term = term.child(codec)
    return (View(term, "stream"),) if streaming else (Part(term),)


def _received(reader: Reader, node: ast.Call, base: Value) -> Value:
    for atom in base:
        if isinstance(atom, Live) and type(atom.object).__name__ == "LocalProxy":
            return (Part(reader.site(node, "text")),)  # Quart's `websocket.receive()`
    return (reader.event(node),)


def _getattr(reader: Reader, node: ast.Call, arguments: Arguments) -> Value:
    """`getattr(self, f"on_{name}")`: the methods of that prefix are a dispatch table."""
    from pytest_routes.generate.vocabulary.expressions import attribute_of

    if len(node.args) < 2:
        return ()
    owner, name = arguments.named("", 0), arguments.named("", 1)
    template = template_of(name)
    if template is None:
        known = [n for n in constants(name) if isinstance(n, str)]
        return merged(attribute_of(reader, atom, n) for atom in owner for n in known)
    found: list[Atom] = []
    for atom in owner:
        methods = named_attributes(atom, template)
        said_before = _allowed(reader, template.term, list(methods))
        template.term.compare("is", said_before)
        for said in said_before:
            condition = Condition(template.term, "is", (said,))
            inners = attribute_of(reader, atom, methods[said])
            found += [Guarded(condition, inner) for inner in inners]
    return tuple(found)


def _allowed(reader: Reader, term: Term, names: list[str]) -> list[str]:
    """Those of the names that a declared type lists, and that a test before has let through:
    `if name not in self.exposed`."""
    declared = {v for known in _declared_around(term) for v in named_values(known, term.key)}
    names = [name for name in names if name in declared] or names
    for condition in reader.present:
        if condition.term is term and condition.operation == "is" and condition.holds:
            names = [name for name in names if name in condition.values] or names
    return names


def _declared_around(term: Term) -> list[Any]:
    """The types that the object is declared to be of which the value is a member."""
    owner = term.parent if term.role == "field" else None
    return [] if owner is None else [each.annotation for each in owner.models]
