"""What the application keeps on a connection itself, and finds there again.

One callback says `socket.state.game = Game()`, `socket.scope["game"] = Game()` or
`socket.game = Game()`, another one reads it: it is the same object.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

from pytest_routes.generate.vocabulary.dispatch import scope_entry
from pytest_routes.generate.vocabulary.values import (
    Instance,
    Live,
    Params,
    ScopeDict,
    Value,
    constants,
    merged,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class Anything:
    """Stands for the class of an object whose attributes are whatever was put there."""


@dataclass(slots=True)
class Kept:
    """What was put on the connection, by where it was put."""

    state: Instance = field(default_factory=lambda: Instance(Anything))
    own: Instance = field(default_factory=lambda: Instance(Anything))
    scope: Instance = field(default_factory=lambda: Instance(Anything))
    module: str = ""
    """Where the handler is defined."""

    def attribute(self, name: str) -> Value:
        """What the connection has under this name."""
        if name == "state":
            return (self.state,)
        if name == "app":
            return self.app()
        known = _OF_SOCKET.get(name)
        return self.own.attributes.get(name, ()) if known is None else known

    def entry(self, names: Iterable[Any]) -> Value:
        """What the scope has under these keys."""
        keys = list(names)
        put = [self.scope.attributes.get(key, ()) for key in keys if isinstance(key, str)]
        state: Value = (self.state,) if "state" in keys else ()
        app = self.app() if "app" in keys else ()
        return merged([scope_entry(keys), state, app, *put])

    def app(self) -> Value:
        """The application: that of the handler's own module, or the only one of its package."""
        found = applications(sys.modules.get(self.module))
        package = self.module.partition(".")[0]
        if not found and package:
            inside = [m for name, m in [*sys.modules.items()] if name.partition(".")[0] == package]
            found = {key: app for module in inside for key, app in applications(module).items()}
        return tuple(Live(app) for app in found.values()) if len(found) == 1 else ()


def applications(module: Any) -> dict[int, Any]:
    """The applications among the names of a module."""
    names = getattr(module, "__dict__", {})
    return {
        id(thing): thing
        for thing in [*names.values()]
        if not isinstance(thing, type)
        and any(cls.__name__ in _APPLICATIONS for cls in type(thing).__mro__)
    }


_APPLICATIONS = frozenset({"Starlette", "Litestar"})


_OF_SOCKET: dict[str, Value] = {
    "scope": (ScopeDict(),),
    "query_params": (Params("query"),),
    "path_params": (Params("path"),),
    "headers": (Params("header"),),
    "cookies": (Params("cookie"),),
}


def is_open(atom: object) -> TypeGuard[Instance]:
    """Its attributes are whatever was put there, by name or by key."""
    return isinstance(atom, Instance) and atom.cls is Anything


def put(atom: Instance, key: Value, value: Value, *, said: bool) -> None:
    """`scope[key] = value`; `said`: a message has decided that it is done."""
    for name in constants(key):
        if isinstance(name, str):
            known = atom.attributes.get(name, ())
            atom.attributes[name] = merged([known, stored(value) if said else value])
