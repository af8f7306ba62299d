"""What a call says: taking a message, looking into one, handing one on."""

from __future__ import annotations

import ast
import enum
import functools
import re
from collections import OrderedDict, defaultdict
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.comparisons import compared
from pytest_routes.generate.vocabulary.constant_calls import of_text, subclasses
from pytest_routes.generate.vocabulary.construction import modelled
from pytest_routes.generate.vocabulary.dispatch import entry, named_attributes, note_lookup
from pytest_routes.generate.vocabulary.functions import FUNCTIONS, qualified_names
from pytest_routes.generate.vocabulary.mappings import joined_again, members_named
from pytest_routes.generate.vocabulary.methods import CONVERSIONS, METHODS, converted, is_dump
from pytest_routes.generate.vocabulary.objects import (
    ABSENT,
    attribute,
    class_attribute,
    registered_types,
    underlying,
)
from pytest_routes.generate.vocabulary.parameters import Arguments, is_data_model
from pytest_routes.generate.vocabulary.single import with_member
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Bound,
    Decoder,
    Display,
    Guarded,
    Instance,
    Live,
    Local,
    Part,
    Receive,
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
        return _getattr(reader, node, arguments, scope)
    if isinstance(node.func, ast.Name) and node.func.id == "globals" and not node.args:
        return (Live(scope.globals),)
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return (scope.instance,) if scope.instance is not None else ()
    callees = reader.evaluate(node.func, scope)
    if not callees:
        _hand_on(reader, arguments, node)
    return merged(call(reader, callee, arguments, node) for callee in callees)


def _arguments(reader: Reader, node: ast.Call, scope: Scope) -> Arguments:
    positional: list[Value] = []
    star: Value = ()
    for argument in node.args:
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
    _hand_on(reader, arguments, node)
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
            return _method_of(reader, atom.value, name, arguments, node)
    known = METHODS.get(type(atom))
    if known is not None:
        return known(reader, atom, name, arguments)
    if isinstance(atom, Live) and isinstance(atom.object, ModuleType):
        # Some modules load what is in them late; only its name is there to be read.
        late = FUNCTIONS.get(f"{atom.object.__name__}.{name}")
        if late is not None and attribute(atom.object, name) is ABSENT:
            return late(reader, arguments, name)
    if isinstance(atom, Live):
        answer = _method_of_object(reader, atom, name, arguments)
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


def _method_of_object(reader: Reader, atom: Live, name: str, arguments: Arguments) -> Value | None:
    thing = atom.object
    if isinstance(thing, dict) and name in ("get", "pop", "setdefault"):
        return entry(reader, atom, arguments.named("key", 0))
    if type(thing) is str and (said := of_text(thing, name, arguments)) is not None:
        return said
    if name == "__subclasses__":
        return subclasses(reader, thing, name)
    if isinstance(thing, (str, bytes)) and name == "join":
        return joined_again(reader, thing, arguments.named("", 0)) or None
    if type(thing) in _DICTS and name in ("items", "values"):
        return (Live(tuple(getattr(thing, name)())),)
    if isinstance(thing, re.Pattern) and arguments.positional:
        known = FUNCTIONS.get(f"re.{name}", FUNCTIONS["re.match"])
        return known(reader, arguments.after((atom,)), name)
    if is_data_model(thing) and name in CONVERSIONS:
        return converted(reader, Decoder(thing, CONVERSIONS[name]), arguments)
    decoder = METHODS_OF_DECODERS.get(type(thing).__name__)
    if decoder is not None and name in CONVERSIONS:
        annotation = getattr(thing, decoder, None)
        codec = CONVERSIONS[name] or ("msgpack" if "msgpack" in type(thing).__module__ else "json")
        if name in ("validate_python", "validate_strings"):
            codec = ""
        return converted(reader, Decoder(annotation, codec or None), arguments)
    if type(thing).__name__ == "Struct" and type(thing).__module__ == "_struct":
        return FUNCTIONS["struct.unpack"](reader, arguments.after((Live(thing.format),)), name)
    return None


_DICTS = frozenset({dict, OrderedDict, defaultdict})
# Objects that convert messages, by the name of their class, and where they keep the type.
METHODS_OF_DECODERS = {"TypeAdapter": "_type", "Decoder": "type"}


def is_callable(reader: Reader, atom: Atom) -> bool:
    """Calling it leads into the application, or into a function that is known here."""
    if isinstance(atom, Guarded):
        return is_callable(reader, atom.value)
    if isinstance(atom, (Bound, Local, Receive, Instance, Decoder)):
        return True
    return isinstance(atom, Live) and (
        _owned(reader, atom)
        or is_data_model(atom.object)
        or any(name in FUNCTIONS for name in qualified_names(atom.object))
    )


def _is_foreign(reader: Reader, function: Atom) -> bool:
    """`partial(json.loads, ...)`: a function of a library, whose source is not read."""
    return isinstance(function, Live) and not (
        _owned(reader, function) or registered_types(function.object)
    )


def _owned(reader: Reader, atom: Atom) -> bool:
    if not isinstance(atom, Live):
        return isinstance(atom, (Bound, Local))
    if isinstance(atom.object, type):
        return reader.owns(atom.object)
    function = underlying(atom.object)
    return function is not None and reader.owns(function)


def call(reader: Reader, atom: Atom, arguments: Arguments, node: ast.AST) -> Value:
    """Call something with these arguments."""
    if isinstance(atom, Guarded):
        arguments = with_member(arguments, atom.condition)
        with reader.under((atom.condition,)):
            return call(reader, atom.value, arguments, node)
    if isinstance(atom, Receive):
        return (reader.event(node),)
    if isinstance(atom, Bound) and _is_foreign(reader, atom.function):
        return call(reader, atom.function, arguments.after(*atom.arguments), node)
    if isinstance(atom, (Bound, Local)):
        return reader.call(atom, arguments, node)
    if isinstance(atom, Instance):
        method = class_attribute(atom.cls, "__call__")
        return reader.call(Bound(Live(method), ((atom,),)), arguments, node)
    if isinstance(atom, Live):
        return _call_object(reader, atom, arguments, node)
    return ()


def _call_object(reader: Reader, atom: Live, arguments: Arguments, node: ast.AST) -> Value:
    thing = atom.object
    if isinstance(thing, functools.partial):
        first = tuple((Live(argument),) for argument in thing.args)
        return call(reader, Live(thing.func), arguments.after(*first), node)
    for name in () if reader.owns(underlying(thing) or thing) else qualified_names(thing):
        if name in FUNCTIONS:
            return FUNCTIONS[name](reader, arguments, name)
    if not reader.owns(underlying(thing) or thing):
        # `parse = adapter.validate_json`: a method that has a name of its own.
        owner, method = getattr(thing, "__self__", None), getattr(thing, "__name__", "")
        known = _method_of_object(reader, Live(owner), method, arguments)
        if known is not None:
            return known
    if is_data_model(thing):
        return modelled(reader, thing, arguments)
    if isinstance(thing, type) and reader.owns(thing):
        return _constructed(reader, thing, arguments, node)
    if registered_types(thing):
        return reader.call(atom, arguments, node)
    function = underlying(thing)
    if function is not None and reader.owns(function):
        bound = getattr(thing, "__self__", None)
        if bound is not None:
            return reader.call(Live(function), arguments.after((Live(bound),)), node)
        return reader.call(Live(function), arguments, node)
    wrapped = getattr(thing, "__wrapped__", None) if isinstance(thing, FunctionType) else None
    if isinstance(wrapped, FunctionType):
        return call(reader, Live(wrapped), arguments, node)
    if reader.owns(type(thing)) and class_attribute(type(thing), "__call__") is not None:
        return call(reader, reader.instance_of(thing), arguments, node)
    _hand_on(reader, arguments, node)
    return ()


def _constructed(reader: Reader, cls: type, arguments: Arguments, node: ast.AST) -> Value:
    if issubclass(cls, enum.Enum):
        value = arguments.named("value", 0)
        values = constants((Live(cls),))
        for term in parts(value)[:1]:
            reader.insist(compared(term, "is", values)[0])
        return value
    instance = Instance(cls)
    method = class_attribute(cls, "__init__")
    if isinstance(method, FunctionType):
        reader.call(Bound(Live(method), ((instance,),)), arguments, node)
    return (instance,)


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


def _getattr(reader: Reader, node: ast.Call, arguments: Arguments, scope: Scope) -> Value:
    """`getattr(self, f"on_{name}")`: the methods of that prefix are a dispatch table."""
    from pytest_routes.generate.vocabulary.expressions import attribute_of

    if len(node.args) < 2:
        return ()
    owner = arguments.positional[0]
    name = constants(arguments.positional[1])
    if name and not parts(arguments.positional[1]):
        return merged(attribute_of(reader, a, n) for a in owner for n in name if isinstance(n, str))
    prefix, value, suffix = _affixes(reader, node.args[1], scope)
    terms = parts(value)
    if not terms:
        return ()
    found: list[Atom] = []
    for atom in owner:
        names = [n for n, _ in named_attributes(atom, prefix, suffix)]
        names = _allowed(reader, terms[0], names)
        terms[0].compare("is", names)
        for n in names:
            for inner in attribute_of(reader, atom, prefix + n + suffix):
                found.append(Guarded(Condition(terms[0], "is", (n,)), inner))
    return tuple(found)


def _allowed(reader: Reader, term: Term, names: list[str]) -> list[str]:
    """Those of the names that a test before has let through: `if name not in self.exposed`."""
    for condition in reader.present:
        if condition.term is term and condition.operation == "is" and condition.holds:
            names = [name for name in names if name in condition.values] or names
    return names


def _affixes(reader: Reader, node: ast.expr, scope: Scope) -> tuple[str, Value, str]:
    """The fixed text before and after the one value that is put into a text."""
    if isinstance(node, ast.Name):
        return _affixes_of_name(reader, node, scope)
    if isinstance(node, ast.JoinedStr):
        texts = ["", ""]
        value: Value = ()
        for piece in node.values:
            if isinstance(piece, ast.FormattedValue):
                value = reader.evaluate(piece.value, scope)
            elif isinstance(piece, ast.Constant):
                texts[bool(value)] += str(piece.value)
        return texts[0], value, texts[1]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left = constants(reader.evaluate(node.left, scope))
        prefix = left[0] if left and isinstance(left[0], str) else ""
        return prefix, reader.evaluate(node.right, scope), ""
    return "", reader.evaluate(node, scope), ""


def _affixes_of_name(reader: Reader, node: ast.Name, scope: Scope) -> tuple[str, Value, str]:
    """`method = f"on_{name}"; getattr(self, method)`."""
    written = scope.texts.get(node.id)
    if written is None:
        return "", reader.evaluate(node, scope), ""
    return _affixes(reader, written, scope)


def _hand_on(reader: Reader, arguments: Arguments, node: ast.AST) -> None:
    """A function of the application that is given to somebody else's function is called with
    what stands behind it: `create_task(...)`, `start_soon(fn, socket)`, `to_thread(fn, text)`."""
    for position, value in enumerate(arguments.positional):
        for atom in value:
            if isinstance(atom, (Bound, Local)) or (
                isinstance(atom, Live)
                and not isinstance(atom.object, type)
                and _owned(reader, atom)
            ):
                call(reader, atom, Arguments(arguments.positional[position + 1 :]), node)
