"""What each kind of expression stands for when messages stand for terms."""

from __future__ import annotations

import ast
import builtins
import enum
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.arithmetic import bin_op
from pytest_routes.generate.vocabulary.calls import called
from pytest_routes.generate.vocabulary.comprehensions import comprehension
from pytest_routes.generate.vocabulary.conditions import asked
from pytest_routes.generate.vocabulary.coroutines import whole_of, yielded
from pytest_routes.generate.vocabulary.cursors import byte_read, bytes_read, is_run, moves
from pytest_routes.generate.vocabulary.dispatch import entry, note_lookup
from pytest_routes.generate.vocabulary.filling import note_among, open_up
from pytest_routes.generate.vocabulary.given import either
from pytest_routes.generate.vocabulary.layouts import settled
from pytest_routes.generate.vocabulary.nested import has_declared_fields
from pytest_routes.generate.vocabulary.objects import (
    ABSENT,
    attribute,
    class_attribute,
    registered_types,
    underlying,
)
from pytest_routes.generate.vocabulary.parameters import NO_ARGUMENTS
from pytest_routes.generate.vocabulary.templates import joined
from pytest_routes.generate.vocabulary.unpacking import iterated, store
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Bound,
    Changing,
    Display,
    Guarded,
    Instance,
    Live,
    Local,
    Params,
    Part,
    Scope,
    Socket,
    Table,
    Value,
    constants,
    is_changing,
    merged,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term


def _constant(reader: Reader, node: Any, scope: Scope) -> Value:  # noqa: ARG001
    return (Live(node.value),)


def _name(reader: Reader, node: Any, scope: Scope) -> Value:
    inner: Scope | None = scope
    while inner is not None:
        if node.id in inner.names:
            known = settled(reader, inner.names[node.id])
            return _changed(reader, "name", node.id, known)
        inner = inner.outer
    found = scope.globals.get(node.id, ABSENT)
    if found is ABSENT:
        found = getattr(builtins, node.id, ABSENT)
    if type(found) is dict and reader.changes("filled", node.id):
        open_up(reader, (Live(found),))
    return () if found is ABSENT else (Live(found),)


def _attribute(reader: Reader, node: Any, scope: Scope) -> Value:
    value = reader.evaluate(node.value, scope)
    found = merged(attribute_of(reader, atom, node.attr) for atom in value)
    return _changed(reader, "attribute", node.attr, found)


def _changed(reader: Reader, kind: str, name: Any, value: Value) -> Value:
    """A number that the application counts with, or a set that it adds to, is not only what it
    was first."""
    if value and kind != "key" and reader.changes("filled", name):
        open_up(reader, value)
    if not reader.changes(kind, name):
        return value
    plain = [a.value if isinstance(a, Guarded) else a for a in value]
    changes = any(
        isinstance(a, Display) or (isinstance(a, Live) and type(a.object) in _CHANGEABLE)
        for a in plain
    )
    return (*value, Changing()) if changes and not is_changing(value) else value


_CHANGEABLE = frozenset({int, float, list, set})


def attribute_of(reader: Reader, atom: Atom, name: str) -> Value:
    """What `atom.name` stands for."""
    if isinstance(atom, Guarded):
        return tuple(
            Guarded(atom.condition, inner) for inner in attribute_of(reader, atom.value, name)
        )
    if isinstance(atom, Local) and name == "__name__":
        return (Live(getattr(atom.node, "name", "")),)
    if isinstance(atom, Bound) and name == "__name__":
        return attribute_of(reader, atom.function, name)
    if isinstance(atom, Part) and name == "root" and _is_root_model(atom):
        return (atom,)
    if isinstance(atom, Part):
        known = _has_fields(atom) or has_declared_fields(atom.term, name)
        return (reader.read(atom.term.child("field", name)),) if known else (atom,)
    if isinstance(atom, Socket):
        return reader.kept.attribute(name)
    if isinstance(atom, Instance):
        return _of_instance(reader, atom, name)
    if isinstance(atom, Live):
        return _of_live(reader, atom.object, name)
    return ()


_OF_PROXY: dict[str, Value] = {
    "args": (Params("query"),),
    "view_args": (Params("path"),),
    "headers": (Params("header"),),
    "cookies": (Params("cookie"),),
}
"""Of Quart's `websocket`."""


def _is_root_model(atom: Part) -> bool:
    """A pydantic model that is nothing but its `root`."""
    return any(
        getattr(declared.annotation, "__pydantic_root_model__", False)
        for declared in atom.term.declared
    )


def _has_fields(atom: Part) -> bool:
    return bool(atom.term.models) or "model" in atom.term.uses


def _of_live(reader: Reader, thing: Any, name: str) -> Value:
    if type(thing).__name__ == "LocalProxy" and name in _OF_PROXY:
        return _OF_PROXY[name]
    plain = isinstance(thing, (type, ModuleType, FunctionType, enum.Enum, *_PLAIN))
    if not plain and reader.owns(type(thing)):
        return _of_instance(reader, reader.instance_of(thing), name)
    found = attribute(thing, name)
    if found is ABSENT:
        return ()
    if isinstance(found, (staticmethod, classmethod)):
        return (Live(found.__func__),) if isinstance(found, staticmethod) else _bound(thing, found)
    return (Live(found),)


_PLAIN = (str, bytes, int, float, tuple, list, dict, set, frozenset)


def _bound(cls: Any, found: classmethod[Any, Any, Any]) -> Value:
    return (Bound(Live(found.__func__), ((Live(cls),),)),)


def _of_instance(reader: Reader, atom: Instance, name: str) -> Value:
    known = atom.attributes.get(name)
    if known is not None:
        return known
    if atom.live is not ABSENT:
        found = attribute(atom.live, name)
    else:
        found = class_attribute(atom.cls, name)
    if found is ABSENT:
        return ()
    if registered_types(found):
        return (Bound(Live(found), ((atom,),)),)
    function = underlying(found)
    if function is not None and class_attribute(atom.cls, name) is found:
        if isinstance(found, staticmethod):
            return (Live(function),)
        bound = Bound(Live(function), ((atom,),))
        if isinstance(found, property):
            return reader.call(bound, NO_ARGUMENTS)
        return (bound,)
    return (Live(found),)


def _subscript(reader: Reader, node: Any, scope: Scope) -> Value:
    value = reader.evaluate(node.value, scope)
    if isinstance(node.slice, ast.Slice):
        return merged(_sliced(reader, atom, node, node.slice, scope) for atom in value)
    key = reader.evaluate(node.slice, scope)
    note_among(key, node.value, value)
    if not value:
        note_lookup(key)
        reader.keys.update({k: None for k in constants(key) if isinstance(k, str)})
    found = merged(
        byte_read(reader, atom.term, node)
        if isinstance(atom, Part) and is_run(atom) and moves(key)
        else entry(reader, atom, key)
        for atom in value
    )
    name = next((k for k in constants(key) if isinstance(k, str)), None)
    return _changed(reader, "key", name, found)


def _sliced(reader: Reader, atom: Atom, whole: Any, node: ast.Slice, scope: Scope) -> Value:
    if isinstance(atom, Part) and is_run(atom) and node.upper is not None:
        moving = moves(reader.evaluate(node.upper, scope))
        read = bytes_read(reader, atom.term, whole, node, scope) if moving else ()
        if read:
            return read
    ends: list[int | None] = []
    for part in (node.lower, node.upper):
        found = [c for c in constants(reader.evaluate(part, scope)) if isinstance(c, int)]
        if part is not None and not found:
            length = _length_of_call(part, reader, scope)
            if length is None:
                return (atom,)
            found = [length]
        ends.append(found[0] if found else None)
    if isinstance(atom, Live) and isinstance(atom.object, (str, bytes, tuple, list)):
        return (Live(atom.object[slice(*ends)]),)
    if not isinstance(atom, Part) or ends == [None, None]:
        return (atom,)
    term = atom.term
    start, stop = ends
    for prefix in term.prefixes:
        if start == len(prefix) and stop is None:
            return (reader.read(term.child("tail", prefix)),)
    if start in (None, 0) and _is_array(term):
        return (atom,)  # the first of many: `for each in batch[:50]`
    if term.role == "split":
        if stop is None and start is not None and start >= 0:
            return (reader.read(term.child("slice", (start, None))),)
        return (atom,)
    return (reader.read(term.child("slice", (start, stop))),)


def _is_array(term: Term) -> bool:
    """The source takes the value for an array, and for nothing else."""
    return "list" in term.uses and not {"str", "bytes"} & term.uses.keys()


def _length_of_call(node: ast.expr, reader: Reader, scope: Scope) -> int | None:
    """`len("/nick ")` as a bound of a slice."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len":
        for value in constants(reader.evaluate(node.args[0], scope)) if node.args else ():
            if isinstance(value, (str, bytes)):
                return len(value)
    return None


def _await(reader: Reader, node: Any, scope: Scope) -> Value:
    return reader.evaluate(node.value, scope)


def _named(reader: Reader, node: Any, scope: Scope) -> Value:
    value = reader.evaluate(node.value, scope)
    store(reader, node.target, value, scope)
    return value


def _test(reader: Reader, node: Any, scope: Scope) -> Value:
    """A test whose outcome is kept: what makes it true is one way through the handler."""
    when_true, _ = asked(reader, node, scope)
    for root in {c.term.root: None for c in when_true}:
        reader.note_branch(root, *(c for c in when_true if c.term.root is root))
    return ()


def _bool_op(reader: Reader, node: Any, scope: Scope) -> Value:
    asked(reader, node, scope)
    return merged(reader.evaluate(value, scope) for value in node.values)


def _unary(reader: Reader, node: Any, scope: Scope) -> Value:
    if isinstance(node.op, ast.Not):
        asked(reader, node.operand, scope)
        return ()
    value = reader.evaluate(node.operand, scope)
    if isinstance(node.op, ast.USub):
        return tuple(
            Live(-a.object) if isinstance(a, Live) and isinstance(a.object, (int, float)) else a
            for a in value
        )
    return value


def _if_exp(reader: Reader, node: Any, scope: Scope) -> Value:
    when_true, when_false = asked(reader, node.test, scope)
    with reader.under(when_true):
        first = reader.evaluate(node.body, scope)
    with reader.under(when_false):
        second = reader.evaluate(node.orelse, scope)
    return either(node, (first, second), (when_true, when_false))


def _display(reader: Reader, node: Any, scope: Scope) -> Value:
    items: list[Value] = []
    for element in node.elts:
        value = reader.evaluate(element, scope)
        if isinstance(element, ast.Starred) and parts(value):
            return value
        items.append(value)
    return (Display(tuple(items)),)


def _dict(reader: Reader, node: Any, scope: Scope) -> Value:
    items: list[tuple[Value, Value]] = []
    spread: list[Value] = []
    for key, item in zip(node.keys, node.values, strict=True):
        value = reader.evaluate(item, scope)
        if key is None:
            spread.append(value)
        else:
            items.append((reader.evaluate(key, scope), value))
    return merged([(Table(tuple(items)),), *spread])


def _lambda(reader: Reader, node: Any, scope: Scope) -> Value:  # noqa: ARG001
    return (Local(node, scope),)


def _starred(reader: Reader, node: Any, scope: Scope) -> Value:
    return reader.evaluate(node.value, scope)


def _call(reader: Reader, node: Any, scope: Scope) -> Value:
    return called(reader, node, scope)


def _yield_from(reader: Reader, node: Any, scope: Scope) -> Value:
    value = reader.evaluate(node.value, scope)
    each = iterated(reader, value)
    scope.returned.extend(whole_of(each) or (Display((each,)),))
    return ()


EXPRESSIONS: dict[type[ast.expr], Callable[[Reader, Any, Scope], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Await: _await,
    ast.NamedExpr: _named,
    ast.Compare: _test,
    ast.BoolOp: _bool_op,
    ast.UnaryOp: _unary,
    ast.IfExp: _if_exp,
    ast.BinOp: bin_op,
    ast.JoinedStr: joined,
    ast.Tuple: _display,
    ast.List: _display,
    ast.Set: _display,
    ast.Dict: _dict,
    ast.ListComp: comprehension,
    ast.SetComp: comprehension,
    ast.GeneratorExp: comprehension,
    ast.DictComp: comprehension,
    ast.Lambda: _lambda,
    ast.Starred: _starred,
    ast.Call: _call,
    ast.Yield: yielded,
    ast.YieldFrom: _yield_from,
}
