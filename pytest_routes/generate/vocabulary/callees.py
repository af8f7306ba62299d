"""What is called: functions, classes and objects of the application, and those that are known.

Where the source of what is called is the application's own, the reader goes on in it.
"""

from __future__ import annotations

import enum
import functools
import re
from collections import OrderedDict, defaultdict
from types import FunctionType
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.comparisons import compared
from pytest_routes.generate.vocabulary.constant_calls import of_text, subclasses
from pytest_routes.generate.vocabulary.construction import modelled
from pytest_routes.generate.vocabulary.dispatch import entry
from pytest_routes.generate.vocabulary.functions import FUNCTIONS, qualified_names
from pytest_routes.generate.vocabulary.letters import holds_all
from pytest_routes.generate.vocabulary.mappings import joined_again
from pytest_routes.generate.vocabulary.methods import CONVERSIONS, converted
from pytest_routes.generate.vocabulary.objects import (
    class_attribute,
    registered_types,
    underlying,
)
from pytest_routes.generate.vocabulary.parameters import Arguments, is_data_model
from pytest_routes.generate.vocabulary.single import with_member
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Bound,
    Decoder,
    Guarded,
    Instance,
    Live,
    Local,
    Receive,
    Value,
    constants,
    is_data,
    parts,
)

if TYPE_CHECKING:
    import ast

    from pytest_routes.generate.vocabulary.reader import Reader


def method_of_object(reader: Reader, atom: Live, name: str, arguments: Arguments) -> Value | None:
    thing = atom.object
    if isinstance(thing, dict) and name in ("get", "pop", "setdefault"):
        return entry(reader, atom, arguments.named("key", 0))
    if type(thing) is str and (said := of_text(thing, name, arguments)) is not None:
        return said
    if name == "issuperset":
        return holds_all(reader, thing, arguments.named("", 0)) or None
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
    decoder = _METHODS_OF_DECODERS.get(type(thing).__name__)
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
_METHODS_OF_DECODERS = {"TypeAdapter": "_type", "Decoder": "type"}


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
        if is_data(atom.value):
            return ()  # an attribute that is no method, among those of an object
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
        known = method_of_object(reader, Live(owner), method, arguments)
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
    hand_on(reader, arguments, node)
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


def hand_on(reader: Reader, arguments: Arguments, node: ast.AST) -> None:
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
