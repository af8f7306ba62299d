"""Where reading begins: the functions that a framework calls, and what it gives them."""

from __future__ import annotations

import ast
import functools
import inspect
import re
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.named_types import is_plain_type
from pytest_routes.generate.vocabulary.objects import annotations_of, class_attribute, underlying
from pytest_routes.generate.vocabulary.parameters import Arguments, is_data_model, type_name
from pytest_routes.generate.vocabulary.source import Territory, definition, territory_of
from pytest_routes.generate.vocabulary.values import (
    Instance,
    Live,
    Part,
    Receive,
    ScopeDict,
    Socket,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Frame

# Methods that frameworks call on a connection's object, in the order in which they do.
_CALLBACKS = (
    "__init__", "__call__", "on_connect", "connect", "websocket_connect", "on_accept", "dispatch",
    "on_receive", "receive", "receive_json", "receive_text", "websocket_receive", "handle",
    "on_websocket", "messages", "on_disconnect", "disconnect",
)  # fmt: skip
# Callbacks that are given a message, and the kind of it; None: the declaration tells.
_GIVEN = frozenset({"on_receive", "receive", "receive_json", "on_message", "messages"})
# Parameters through which a framework hands over a message.
_MESSAGES: dict[str, Frame | None] = {
    "data": None,
    "text_data": "text",
    "bytes_data": "bytes",
    "content": "json",
}
_BY_TYPE: dict[str, Frame] = {"str": "text", "bytes": "bytes"}
_BY_ENCODING: dict[Any, Frame] = {"text": "text", "json": "json", "bytes": "bytes"}


def territory(handler: Any) -> Territory | None:
    """What belongs to the application of a handler; None when it has no source to read."""
    function = _function(handler)
    if function is not None:
        return territory_of(function.__module__, function.__code__.co_filename)
    cls = handler if isinstance(handler, type) else type(handler)
    try:
        return territory_of(cls.__module__, inspect.getfile(cls))
    except (TypeError, OSError):
        return None


def _function(handler: Any) -> FunctionType | None:
    while isinstance(handler, functools.partial):
        handler = handler.func
    return underlying(handler)


def read_from(reader: Reader, handler: Any) -> None:
    """Read everything that a handler or dependency does."""
    if isinstance(handler, functools.partial):
        first = tuple((Live(value),) for value in handler.args)
        keywords = tuple((name, (Live(value),)) for name, value in handler.keywords.items())
        _read_function(reader, handler.func, Arguments(first, keywords))
    elif isinstance(handler, type):
        _read_class(reader, Instance(handler))
    elif _function(handler) is not None:
        _read_function(reader, handler, Arguments())
    else:
        _read_class(reader, reader.instance_of(handler))


def _read_function(reader: Reader, handler: Any, arguments: Arguments) -> None:
    function = _function(handler)
    while function is not None and not reader.owns(function):
        function = _function(getattr(function, "__wrapped__", None))
    if function is None:
        return
    owner_class = _class_of(function) if function is handler else None
    if owner_class is not None and function.__name__ in _CALLBACKS:
        _read_class(reader, Instance(owner_class))
        return
    if owner_class is not None:
        arguments = arguments.after((Instance(owner_class),))
    if isinstance(handler, MethodType):
        owner: Value = (Live(handler.__self__),)
        if not isinstance(handler.__self__, type):
            owner = (reader.instance_of(handler.__self__),)
        arguments = arguments.after(owner)
    reader.call(Live(function), _given(reader, function, arguments, callback=None, encoding=None))


def _class_of(function: FunctionType) -> type | None:
    """The class whose method a function is; frameworks hand out methods without their object."""
    found: Any = function.__globals__.get(function.__qualname__.partition(".")[0])
    for name in function.__qualname__.split(".")[1:-1]:
        found = class_attribute(found, name) if isinstance(found, type) else None
    if not isinstance(found, type) or class_attribute(found, function.__name__) is not function:
        return None
    return found


def _read_class(reader: Reader, instance: Instance) -> None:
    cls = instance.cls
    encoding = class_attribute(cls, "encoding")
    decode = underlying(class_attribute(cls, "decode"))
    if encoding is None and decode is not None and not reader.owns(decode):
        encoding = _AS_IT_IS
    for name in ("subprotocols", "subprotocol"):
        found = class_attribute(cls, name)
        names = [found] if isinstance(found, str) else found
        if isinstance(names, (list, tuple, set, frozenset)):
            reader.subprotocols.update({n: None for n in names if isinstance(n, str)})
    for name in _CALLBACKS:
        method = class_attribute(cls, name)
        function = underlying(method)
        if function is None or not reader.owns(function):
            continue
        bound = Arguments() if isinstance(method, staticmethod) else Arguments(((instance,),))
        reader.call(
            Live(function), _given(reader, function, bound, callback=name, encoding=encoding)
        )


def _given(
    reader: Reader,
    function: FunctionType,
    arguments: Arguments,
    *,
    callback: str | None,
    encoding: Any,
) -> Arguments:
    """The arguments with which the framework calls."""
    tree = definition(function)
    if tree is None:
        return arguments
    names = [*tree.args.posonlyargs, *tree.args.args][len(arguments.positional) :]
    keywords = list(arguments.keywords)
    known = {name for name, _ in keywords}
    defaults = _defaults(tree.args)
    raw = [p.arg for p in names][:3] == ["scope", "receive", "send"]
    gives = callback is None or callback in _GIVEN
    for position, parameter in enumerate([*names, *tree.args.kwonlyargs]):
        name = parameter.arg
        if name in known:
            continue
        if raw and position < 3:
            value: Value = ((ScopeDict(),), (Receive(),), ())[position]
        elif gives and _is_message(name, position, names, callback):
            value = _message(reader, function, parameter, _MESSAGES.get(name), encoding)
        elif position == 0 and not type_name(parameter, annotations_of(function)):
            value = (Socket(),)
        elif _is_parameter(parameter, defaults.get(name)) or is_plain_type(
            annotations_of(function).get(name)
        ):
            value = (reader.parameter(name, None),)
        else:
            continue
        keywords.append((name, value))
    return Arguments(arguments.positional, tuple(keywords))


_AS_IT_IS: Any = object()
"""An endpoint of Starlette without an encoding hands out texts and bytes as they come."""
_EITHER: tuple[Frame, ...] = ("text", "bytes")
_PLAIN = re.compile(r"\b(str|int|float|bool|Literal|UUID|date|datetime)\b")


def _defaults(syntax: ast.arguments) -> dict[str, ast.expr]:
    names = [p.arg for p in (*syntax.posonlyargs, *syntax.args)]
    found = dict(zip(names[::-1], syntax.defaults[::-1], strict=False))
    pairs = zip(syntax.kwonlyargs, syntax.kw_defaults, strict=True)
    return found | {p.arg: default for p, default in pairs if default is not None}


def _is_parameter(parameter: ast.arg, default: ast.expr | None) -> bool:
    """A framework fills it with a parameter of the handshake: it is declared as a plain value,
    and is no dependency."""
    if parameter.annotation is None:
        return False
    written = ast.unparse(parameter.annotation)
    injected = "Depends" in written or (default is not None and "Depends" in ast.unparse(default))
    return _PLAIN.search(written) is not None and not injected


def _is_message(
    name: str, position: int, parameters: Sequence[ast.arg], callback: str | None
) -> bool:
    if name in _MESSAGES:
        return True
    if any(parameter.arg in _MESSAGES for parameter in parameters):
        return False
    return callback in ("on_receive", "receive_json") and position == len(parameters) - 1


def _message(
    reader: Reader, function: FunctionType, parameter: Any, frame: Frame | None, encoding: Any
) -> Value:
    annotations = annotations_of(function)
    declared = type_name(parameter, annotations)
    if encoding is _AS_IT_IS:
        frames = (_BY_TYPE[declared],) if declared in _BY_TYPE else _EITHER
        return tuple(Part(reader.site(parameter, each, repeated=True)) for each in frames)
    frame = _BY_ENCODING.get(encoding) or frame or _BY_TYPE.get(declared) or "json"
    term = reader.site(parameter, frame, repeated=True)
    live = annotations.get(parameter.arg)
    if is_data_model(live):
        reader.declare(term, live)
    return (Part(term),)
