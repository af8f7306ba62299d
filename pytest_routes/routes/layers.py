"""From the object that is served to the object that knows the routes.

What a server is given is often not the framework's application but something around it:
middleware, a tracer, a Socket.IO server, a function that hands the call on. Nobody
declares how the inner application is kept, so it is searched for: first through the names
by which ASGI middleware keeps it, then through everything else that is reachable.
"""

from __future__ import annotations

import functools
import inspect
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# How middleware names the application it calls, the most telling first.
NAMES = (
    "app",
    "_app",
    "asgi_app",
    "_asgi_app",
    "other_asgi_app",
    "application",
    "_application",
    "asgi_application",
    "wrapped_app",
    "_wrapped_app",
    "inner",
    "_inner",
    "next_app",
    "asgi_handler",
    "fn",
    "func",
    "__wrapped__",
)

# A lazy proxy may invent attributes for ever, and what is far away is not the application.
_LONGEST_CHAIN = 50
_DEEPEST_LEVEL = 6
_MOST_OBJECTS = 2_000

_ASGI = 3  # arguments: scope, receive, send
_ASGI_2 = 1  # the scope alone, and the others in a second call


@dataclass(frozen=True, slots=True)
class Found:
    """Where a search ended."""

    apps: tuple[Any, ...]
    """The wanted objects: one, or several where something dispatches to more than one
    application; none when nothing was recognised."""
    prefixes: tuple[str, ...] = ()
    """Under which path each of them is kept, where a layer maps paths to applications."""
    through: tuple[Any, ...] = ()
    """The layers around the first of them, outermost first."""
    innermost: Any = None
    """What the layers lead to when nothing was recognised."""


def search(app: Any, wanted: Callable[[Any], bool]) -> Found:
    """Finds the objects that satisfy `wanted`, at the application or beneath its layers."""
    chain: list[Any] = []
    current = app
    while not any(current is passed for passed in chain) and len(chain) < _LONGEST_CHAIN:
        if wanted(current):
            return Found((current,), ("",), through=tuple(chain), innermost=current)
        chain.append(current)
        following = next(_named(current), None)
        if following is None:
            break
        current = following
    return _search_wide(app, wanted, chain[-1])


def _search_wide(app: Any, wanted: Callable[[Any], bool], innermost: Any) -> Found:
    """Breadth first through everything reachable; the nearest level that has any wins."""
    level: list[tuple[Any, str, tuple[Any, ...]]] = [(app, "", ())]
    seen = {id(app): app}
    for _ in range(_DEEPEST_LEVEL):
        found: list[tuple[Any, str, tuple[Any, ...]]] = []
        following: list[tuple[Any, str, tuple[Any, ...]]] = []
        for layer, outer, through in level:
            for prefix, inner in _reachable(layer):
                if id(inner) in seen:
                    continue
                seen[id(inner)] = inner  # kept, so that no other object takes over the id
                beneath = (inner, outer + prefix, (*through, layer))
                (found if wanted(inner) else following).append(beneath)
        if found:
            apps, prefixes, throughs = zip(*found, strict=True)
            return Found(apps, prefixes, through=throughs[0], innermost=apps[0])
        if len(seen) > _MOST_OBJECTS:
            break
        level = following
    return Found(apps=(), innermost=innermost)


def _named(layer: Any) -> Iterator[Any]:
    """The applications that a layer keeps under one of the usual names."""
    if isinstance(layer, types.MethodType):
        yield layer.__self__
    if isinstance(layer, type | types.ModuleType):
        return
    for name in NAMES:
        inner = _attribute(layer, name)
        if _may_be_app(inner) and not _is_method_of(inner, layer):
            yield inner


def _reachable(layer: Any) -> Iterator[tuple[str, Any]]:
    """The applications that a layer may call, with the path that it calls them for."""
    for inner in _named(layer):
        yield "", inner
    for value in _held(layer):
        for prefix, content in _contents(value):
            if _may_be_app(content):
                yield prefix, content


def _held(layer: Any) -> Iterator[Any]:
    if isinstance(layer, functools.partial):
        yield from (*layer.args, *layer.keywords.values())
    elif isinstance(layer, types.FunctionType):
        yield from _held_by_function(layer)
    elif not isinstance(layer, type | types.ModuleType | types.BuiltinFunctionType):
        yield from _state(layer)


def _held_by_function(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # the cell is still empty
            continue
    for name in function.__code__.co_names:
        if name in function.__globals__:
            yield function.__globals__[name]


def _state(layer: Any) -> Iterator[Any]:
    yield from list(getattr(layer, "__dict__", {}).values())
    for cls in type(layer).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            value = _attribute(layer, name)
            if value is not None:
                yield value


def _contents(value: Any) -> Iterator[tuple[str, Any]]:
    """A value itself, or what a mapping or a list of pairs has for each path."""
    if isinstance(value, dict):
        for key, content in list(value.items()):
            yield _prefix(key), content
    elif isinstance(value, list | tuple):
        for item in value:
            if isinstance(item, tuple) and len(item) > 1:
                for content in item[1:]:
                    yield _prefix(item[0]), content
            else:
                yield "", item
    else:
        yield "", value


def _prefix(key: Any) -> str:
    return key.rstrip("/") if isinstance(key, str) and key.startswith("/") else ""


def _may_be_app(value: Any) -> bool:
    """Whether a value is called like an application, as far as that can be seen."""
    if not callable(value) or isinstance(value, type | types.BuiltinFunctionType):
        return False
    if isinstance(value, functools.partial):
        return True
    is_function = isinstance(value, types.FunctionType | types.MethodType)
    called = value if is_function else type(value).__call__
    code = getattr(inspect.unwrap(called), "__code__", None)
    if code is None or code.co_flags & inspect.CO_VARARGS:
        return True
    bound = isinstance(value, types.MethodType) or not is_function
    arguments = code.co_argcount - bound
    return arguments == _ASGI or (arguments == _ASGI_2 and not is_function)


def _attribute(layer: Any, name: str) -> Any:
    try:
        return getattr(layer, name, None)
    except Exception:  # a property of the user's that fails is no layer
        return None


def _is_method_of(inner: Any, layer: Any) -> bool:
    return inspect.ismethod(inner) and inner.__self__ is layer
