"""GraphQL applications that are mounted as they are: Strawberry's, Ariadne's, Graphene's."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pytest_routes.routes import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.routes.walk import Place, Walk

# The subprotocols that a class can speak without saying so in an attribute.
_BY_CLASS = {
    "GraphQLWSHandler": ("graphql-ws",),
    "GraphQLTransportWSHandler": ("graphql-transport-ws",),
    "GraphQLApp": ("graphql-ws",),
}
_LIBRARIES = frozenset({"strawberry", "ariadne", "starlette_graphene3"})
_ATTRIBUTES = ("websocket_subprotocols", "subscription_protocols", "protocols")


def routes(app: Any, place: Place, walk: Walk) -> Iterator[model.Route]:  # noqa: ARG001
    """One WebSocket route, and queries by GET and POST, at the path of the mount."""
    here = place if place.path.endswith("/") else place.below("/")
    handler = type(app)
    route = model.Route(
        kind="websocket",
        path=here.path,
        template=here.template,
        parameters=here.parameters,
        handler=handler,
        framework="starlette",
        host=here.host,
        reads=frozenset({"json"}),
        subprotocols=subprotocols_of(app, getattr(app, "websocket_handler", None)),
        dependencies=here.dependencies,
    )
    yield route
    for method in ("GET", "POST"):
        yield model.Route(
            kind="http",
            path=here.path,
            template=here.template,
            method=method,
            parameters=here.parameters,
            handler=handler,
            framework="starlette",
            host=here.host,
            dependencies=here.dependencies,
        )


def subprotocols_of(*owners: Any) -> tuple[str, ...]:
    """The subprotocols of the first owner that declares any: an application, a consumer, or
    the object that an endpoint's closure holds."""
    for owner in owners:
        for candidate in (owner, *_held(owner)):
            names = _declared(candidate)
            if names:
                return names
    return ()


def _declared(owner: Any) -> tuple[str, ...]:
    cls = owner if isinstance(owner, type) else type(owner)
    if not any(base.__module__.partition(".")[0] in _LIBRARIES for base in cls.__mro__):
        return ()
    for base in cls.__mro__:
        if base.__name__ in _BY_CLASS:
            return _BY_CLASS[base.__name__]
    for name in _ATTRIBUTES:
        names = getattr(owner, name, None)
        if isinstance(owner, type) and not isinstance(names, Iterable):
            names = _default(owner, name)
        if isinstance(names, list | tuple) and names and all(isinstance(n, str) for n in names):
            return tuple(names)
    return ()


def _default(cls: type, name: str) -> Any:
    """What a class is made with, when nothing else is said."""
    try:
        parameter = inspect.signature(cls).parameters.get(name)
    except (TypeError, ValueError):
        return None
    return parameter.default if parameter is not None else None


def _held(owner: Any) -> Iterator[Any]:
    if isinstance(owner, types.MethodType):
        yield owner.__self__
    for cell in getattr(owner, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:  # the cell is still empty
            continue
