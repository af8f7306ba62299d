"""The walk through an application: routers in routers, mounted applications, middleware.

Each framework has an adapter, a module with

    def routes(app, place: Place, walk: Walk) -> Iterator[Route]
    def observe(app, callback: Observer) -> Undo     (only where the framework hides
                                                      its handlers' exceptions)

An adapter is imported only when an instance of one of its framework's classes has been
met, and which classes those are is known without importing the framework: an application
that uses it has put it into `sys.modules`.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.routes import layers

if TYPE_CHECKING:
    from pytest_routes.routes.model import Parameter, Route

Observer: TypeAlias = Callable[[BaseException, Any], None]
"""Is told of an exception that a framework caught, and of the connection's ASGI scope."""
Undo: TypeAlias = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Framework:
    adapter: str
    """The module beside this one that reads the framework's routers."""
    classes: tuple[tuple[str, str], ...]
    """Module and name of the classes whose instances the adapter can read."""

    def owns(self, app: Any) -> bool:
        for module, name in self.classes:
            cls = getattr(sys.modules.get(module), name, None)
            if isinstance(cls, type) and isinstance(app, cls):
                return True
        return False


FRAMEWORKS = (
    Framework("litestar", (("litestar.app", "Litestar"),)),
    Framework(
        "starlette",
        (
            ("starlette.applications", "Starlette"),
            ("starlette.routing", "Router"),
            ("starlette.routing", "BaseRoute"),
        ),
    ),
    Framework("quart", (("quart.app", "Quart"),)),
    Framework(
        "channels",
        (("channels.routing", "ProtocolTypeRouter"), ("channels.routing", "URLRouter")),
    ),
    Framework(
        "graphql",
        (
            ("strawberry.asgi", "GraphQL"),
            ("ariadne.asgi", "GraphQL"),
            ("starlette_graphene3", "GraphQLApp"),
        ),
    ),
)

# What is mounted beside an application and has no routes of its own.
_SOCKETIO = Framework("", (("engineio.async_drivers.asgi", "ASGIApp"),))
_STATIC = Framework("", (("starlette.staticfiles", "StaticFiles"),))


def framework_of(app: Any) -> Framework | None:
    return next((framework for framework in FRAMEWORKS if framework.owns(app)), None)


def adapter_of(framework: Framework) -> Any:
    return importlib.import_module(f"{__package__}.{framework.adapter}")


_PLACEHOLDER = re.compile(r"\{\s*(\w+)\s*(:[^{}]*)?\}")


def plain(path: str) -> str:
    """A path with the types taken out of its placeholders: `/ws/{room}` of `/ws/{room:int}`."""
    return _PLACEHOLDER.sub(r"{\1}", path)


def shape(path: str) -> str:
    """A path with the names taken out: two routes of one shape answer the same requests."""
    return _PLACEHOLDER.sub(lambda placeholder: "{" + (placeholder[2] or ":str") + "}", path)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the application a router is: what a client has to say to get there."""

    path: str = ""
    template: str = ""
    parameters: tuple[Parameter, ...] = ()
    host: str | None = None
    dependencies: tuple[Callable[..., Any], ...] = field(default=())

    def below(self, path: str, parameters: tuple[Parameter, ...] = ()) -> Place:
        """The place of a router, or of a route, that is declared here under a path.

        An inner placeholder hides an outer one of the same name from the handler, but a
        client fills in both: the outer one is renamed in the template.
        """
        names = {parameter.name for parameter in parameters}
        template, kept = self.template, list(self.parameters)
        for index, parameter in enumerate(kept):
            if parameter.name in names:
                name = f"outer_{parameter.name}"
                template = template.replace("{" + parameter.name + "}", "{" + name + "}")
                kept[index] = replace(parameter, name=name)
        return replace(
            self,
            path=self.path + path,
            template=template + plain(path),
            parameters=(*kept, *parameters),
        )


@dataclass(slots=True)
class Walk:
    """One walk, and what it passes on its way."""

    looked_at: list[str] = field(default_factory=list)
    opaque: list[tuple[Place, Any]] = field(default_factory=list)
    """Applications whose routes nobody can know."""
    apps: list[Any] = field(default_factory=list)
    """The framework objects met, outermost first."""
    _open: list[Any] = field(default_factory=list)

    def enter(self, app: Any, place: Place) -> Iterator[Route]:
        """The routes of an application, whatever it is wrapped in."""
        found = layers.search(app, lambda candidate: framework_of(candidate) is not None)
        for layer in (*found.through, found.innermost):
            if _SOCKETIO.owns(layer):
                self.looked_at.append(
                    f"{_where(place)}{_describe(layer)}, which speaks Engine.IO (Socket.IO): "
                    "its own protocol is not tested"
                )
        if not found.apps:
            self.opaque.append((place, app))
        if not found.apps and not (
            _STATIC.owns(found.innermost) or _SOCKETIO.owns(found.innermost)
        ):
            self.looked_at.append(
                f"{_where(place)}{_describe(found.innermost)}, whose routes cannot be discovered"
            )
        for inner, prefix in zip(found.apps, found.prefixes, strict=True):
            if any(inner is entered for entered in self._open):
                continue  # an application that is mounted below itself
            self.apps.append(inner)
            self._open.append(inner)
            yield from self._read(inner, place.below(prefix), found.through)
            self._open.pop()

    def _read(self, app: Any, place: Place, through: tuple[Any, ...]) -> Iterator[Route]:
        framework = framework_of(app)
        assert framework is not None
        position = len(self.looked_at)
        count = {"http": 0, "websocket": 0}
        for route in adapter_of(framework).routes(app, place, self):
            count[route.kind] += 1
            yield route
        inside = f" (inside {', '.join(_describe(layer) for layer in through)})" if through else ""
        self.looked_at.insert(
            position,
            f"{_where(place)}{_describe(app)}{inside}: "
            f"{_number(count['http'], 'HTTP route')}, "
            f"{_number(count['websocket'], 'WebSocket route')}",
        )


def _where(place: Place) -> str:
    path = f"{place.path or '/'}: " if place.path or place.host else ""
    return f"{place.host}{path}" if place.host else path


def _number(count: int, noun: str) -> str:
    return f"{count or 'no'} {noun}{'' if count == 1 else 's'}"


def _describe(app: Any) -> str:
    name = getattr(app, "__qualname__", None)
    if isinstance(name, str):
        return f"the {'class' if isinstance(app, type) else 'function'} {name}"
    return f"the {type(app).__name__} object"
