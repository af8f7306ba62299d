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
from collections import deque
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

_ASGI_ARGUMENTS = 3  # scope, receive, send


@dataclass(frozen=True, slots=True)
class Found:
    """Where a search ended."""

    apps: tuple[Any, ...]
    """The wanted objects: one, or several where something dispatches to more than one
    application; none when nothing was recognised."""
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
            return Found(apps=(current,), through=tuple(chain), innermost=current)
        chain.append(current)
        following = next(_named(current), None)
        if following is None:
            break
        current = following
    return _search_wide(app, wanted, chain[-1])


def _search_wide(app: Any, wanted: Callable[[Any], bool], innermost: Any) -> Found:
    """Breadth first through everything reachable; the nearest level that has any wins."""
    level: deque[tuple[Any, tuple[Any, ...]]] = deque([(app, ())])
    seen = {id(app): app}
    for _ in range(_DEEPEST_LEVEL):
        found: list[tuple[Any, tuple[Any, ...]]] = []
        following: deque[tuple[Any, tuple[Any, ...]]] = deque()
        for layer, through in level:
            for inner in _reachable(layer):
                if id(inner) in seen:
                    continue
                seen[id(inner)] = inner  # kept, so that no other object takes over the id
                beneath = (*through, layer)
                (found if wanted(inner) else following).append((inner, beneath))
        if found:
            apps = tuple(inner for inner, _ in found)
            return Found(apps=apps, through=found[0][1], innermost=apps[0])
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
        if callable(inner) and not isinstance(inner, type) and not _is_method_of(inner, layer):
            yield inner


def _reachable(layer: Any) -> Iterator[Any]:
    yield from _named(layer)
    if isinstance(layer, functools.partial):
        yield from filter(_may_be_app, (*layer.args, *layer.keywords.values()))
    elif isinstance(layer, types.FunctionType):
        yield from filter(_may_be_app, _held_by_function(layer))
    elif not isinstance(layer, type | types.ModuleType | types.BuiltinFunctionType):
        for value in _state(layer):
            yield from filter(_may_be_app, _contents(value))


def _held_by_function(function: types.FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield from _contents(cell.cell_contents)
        except ValueError:  # the cell is still empty
            continue
    for name in function.__code__.co_names:
        if name in function.__globals__:
            yield from _contents(function.__globals__[name])


def _state(layer: Any) -> Iterator[Any]:
    yield from list(getattr(layer, "__dict__", {}).values())
    for cls in type(layer).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            value = _attribute(layer, name)
            if value is not None:
                yield value


def _contents(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from list(value.values())
    elif isinstance(value, list | tuple):
        for item in value:
            yield from item if isinstance(item, list | tuple) else (item,)
    else:
        yield value


def _may_be_app(value: Any) -> bool:
    if isinstance(value, types.FunctionType | types.MethodType):
        bound = isinstance(value, types.MethodType)
        return value.__code__.co_argcount - bound == _ASGI_ARGUMENTS
    return callable(value) and not isinstance(value, type | types.BuiltinFunctionType)


def _attribute(layer: Any, name: str) -> Any:
    try:
        return getattr(layer, name, None)
    except Exception:  # a property of the user's that fails is no layer
        return None


def _is_method_of(inner: Any, layer: Any) -> bool:
    return inspect.ismethod(inner) and inner.__self__ is layer
