"""What there is to test: finds the routes of an application, whatever framework made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.routes.model import Body, Parameter, Route
from pytest_routes.routes.undeclared import with_undeclared
from pytest_routes.routes.walk import (
    Observer,
    Place,
    Undo,
    Walk,
    adapter_of,
    framework_of,
    shape,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Body", "Discovery", "Observer", "Parameter", "Route", "Undo", "discover", "observe"]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found in an application."""

    routes: tuple[Route, ...]
    """In the order of their declaration; no two have the same id."""
    looked_at: tuple[str, ...]
    """Where routes were looked for, in words: a line for each application, mount and router
    of a framework, with what was found in it."""


def discover(app: Any, *, websocket_paths: Sequence[str] = ()) -> Discovery:
    """Finds the routes of an ASGI application.

    `websocket_paths` are paths of WebSocket routes that cannot be discovered, with
    placeholders as in `/ws/{room}` (text) or `/ws/{room:int}`; those that are discovered
    anyway are not listed twice. Raises `ValueError` for a placeholder of an unknown type.

    Some applications declare their routes while they start: start the lifespan first.
    """
    walk = Walk()
    routes = list(walk.enter(app, Place()))
    if websocket_paths:
        from pytest_routes.routes.opaque import routes as named

        routes.extend(named(app, websocket_paths, walk))
    found = tuple(map(with_undeclared, _reachable(routes)))
    return Discovery(routes=found, looked_at=tuple(walk.looked_at))


def observe(app: Any, callback: Observer) -> Undo:
    """Has `callback` called with every exception that a framework hides from the server.

    Litestar and Quart catch what a handler raises and close the connection; the server
    never sees it. The callback gets the exception and the connection's ASGI scope. The
    function that is returned ends the observation.
    """
    walk = Walk()
    for _ in walk.enter(app, Place()):
        pass
    undo = []
    for found in walk.apps:
        framework = framework_of(found)
        watch = getattr(adapter_of(framework), "observe", None) if framework else None
        if watch is not None:
            undo.append(watch(found, callback))

    def end() -> None:
        while undo:
            undo.pop()()

    return end


def _reachable(routes: Iterable[Route]) -> Iterable[Route]:
    """The routes without those that an earlier one of the same shape hides."""
    shapes: set[tuple[str, str, str, str | None]] = set()
    ids: set[str] = set()
    for route in routes:
        key = (route.kind, route.method, shape(route.path), route.host)
        if key not in shapes and route.id not in ids:
            shapes.add(key)
            ids.add(route.id)
            yield route
