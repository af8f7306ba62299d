"""The routes of Starlette applications and routers, and FastAPI's where they are the same."""

from __future__ import annotations

import inspect
import re
import sys
import typing
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from annotated_types import Ge
from starlette.convertors import (
    FloatConvertor,
    IntegerConvertor,
    PathConvertor,
    StringConvertor,
    UUIDConvertor,
)
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.routing import BaseRoute, Host, Mount, Route, Router, WebSocketRoute

from pytest_routes.routes import model
from pytest_routes.routes.graphql import subprotocols_of
from pytest_routes.routes.source import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_routes.routes.walk import Place, Walk

# In the order in which they are listed; an application that does not say which methods it
# answers (an ASGI callable as endpoint) is sent those before HEAD.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
_ANY_METHOD = METHODS[: METHODS.index("HEAD")]


def routes(app: Any, place: Place, walk: Walk) -> Iterator[model.Route]:
    """The routes of a `Starlette`, a `FastAPI`, a `Router` or of one route used as an app."""
    router = getattr(app, "router", app)
    declared = [app] if isinstance(app, BaseRoute) else app.routes
    for route, view in _expanded(declared):
        yield from _read(route, view, app, place, walk)
    default = getattr(router, "default", None)
    if default is not None and not _is_not_found(default):
        yield from walk.enter(default, place)


def _expanded(declared: Any) -> Iterator[tuple[BaseRoute, Any]]:
    """Every route, with the object that tells its path where it is included.

    FastAPI includes a router lazily since 0.137: the router's own routes stay as they are,
    and a view of each tells its path, parameters and dependencies at this place.
    """
    expand = getattr(sys.modules.get("fastapi.routing"), "iter_route_contexts", None)
    if expand is not None:
        yield from ((view.original_route, view) for view in expand(declared))
        return
    for route in declared:
        if hasattr(route, "effective_route_contexts"):  # a few lazy releases without the function
            for context in route.effective_route_contexts():
                yield context.original_route, context.starlette_route or context
        else:
            yield route, route


def _read(route: BaseRoute, view: Any, app: Any, place: Place, walk: Walk) -> Iterator[model.Route]:
    if isinstance(route, Mount):
        yield from walk.enter(view.app, place.below(view.path, path_parameters(view)))
    elif isinstance(route, Host):
        yield from _host(view, place, walk)
    elif isinstance(route, WebSocketRoute | Route):
        fastapi = sys.modules.get("fastapi.routing")
        api_routes = fastapi and (fastapi.APIRoute, fastapi.APIWebSocketRoute)
        if api_routes and isinstance(route, api_routes):
            from pytest_routes.routes import fastapi as adapter

            yield from adapter.routes(route, view, app, place)
        elif isinstance(route, WebSocketRoute):
            yield _websocket(view, place)
        else:
            yield from _http(view, place)
    else:
        walk.looked_at.append(
            f"{place.path or '/'}: a {type(route).__name__}, whose routes cannot be discovered"
        )


def _host(view: Any, place: Place, walk: Walk) -> Iterator[model.Route]:
    name = _a_host(view)
    if name is None:
        walk.looked_at.append(f"{view.host}: no host name could be made for this pattern")
        return
    from dataclasses import replace

    yield from walk.enter(view.app, replace(place, host=name))


def _a_host(view: Any) -> str | None:
    """A host name that the pattern matches, its port left out."""
    values = {}
    for name, convertor in view.param_convertors.items():
        tries = (name.replace("_", "-"), "1", "1.0", str(UUID(int=0)), "a")
        fitting = (value for value in tries if re.fullmatch(convertor.regex, value))
        values[name] = next(fitting, "")
    host = view.host_format.format_map(values).rsplit(":", 1)[0].lower()
    return host if view.host_regex.match(host) else None


def _websocket(view: Any, place: Place) -> model.Route:
    here = place.below(view.path, path_parameters(view))
    code = written(view.endpoint)
    reads: frozenset[Any] | None = None
    auto_accept = False
    if isinstance(code.handler, type) and issubclass(code.handler, WebSocketEndpoint):
        reads = _endpoint_reads(code.handler)
        auto_accept = code.handler.on_connect is WebSocketEndpoint.on_connect
    return model.Route(
        kind="websocket",
        path=here.path,
        template=here.template,
        parameters=here.parameters,
        handler=code.handler,
        framework="starlette",
        host=here.host,
        reads=reads,
        auto_accept=auto_accept,
        subprotocols=subprotocols_of(view.endpoint),
        dependencies=(*here.dependencies, *code.around),
    )


# What `WebSocketEndpoint.decode` takes: without an encoding, either kind of frame.
_ENCODINGS: dict[str | None, frozenset[str]] = {
    None: frozenset({"text", "bytes"}),
    "text": frozenset({"text"}),
    "bytes": frozenset({"bytes"}),
    "json": frozenset({"json"}),
}


def _endpoint_reads(endpoint: type[WebSocketEndpoint]) -> frozenset[str] | None:
    own_reading = (
        endpoint.dispatch is not WebSocketEndpoint.dispatch
        or endpoint.decode is not WebSocketEndpoint.decode
    )
    return None if own_reading else _ENCODINGS.get(endpoint.encoding)


def _http(view: Any, place: Place) -> Iterator[model.Route]:
    here = place.below(view.path, path_parameters(view))
    for method, code in _methods(view):
        yield model.Route(
            kind="http",
            path=here.path,
            template=here.template,
            method=method,
            parameters=here.parameters,
            handler=code.handler,
            framework="starlette",
            host=here.host,
            dependencies=(*here.dependencies, *code.around),
        )


def _methods(view: Any) -> Iterator[tuple[str, Any]]:
    code = written(view.endpoint)
    endpoint = code.handler
    if isinstance(endpoint, type) and issubclass(endpoint, HTTPEndpoint):
        for method in listed(view.methods or METHODS):
            function = getattr(endpoint, method.lower(), None)
            if function is not None:
                yield method, written(function)
    else:
        for method in listed(view.methods or _ANY_METHOD):
            yield method, code


def listed(methods: Any) -> list[str]:
    """Methods in a fixed order, without the HEAD that a framework adds to every GET."""
    unknown = sorted(set(methods) - set(METHODS))
    kept = [method for method in METHODS if method in methods]
    return [method for method in kept if method != "HEAD" or "GET" not in methods] + unknown


# Type of the value, and whether the type allows more than the converter takes.
_CONVERTORS: tuple[tuple[Any, Any, bool], ...] = (
    (StringConvertor, str, False),
    (PathConvertor, str, False),
    (IntegerConvertor, Annotated[int, Ge(0)], True),
    (FloatConvertor, Annotated[float, Ge(0)], True),
    (UUIDConvertor, UUID, False),
)


def path_parameters(view: Any) -> tuple[model.Parameter, ...]:
    """The placeholders of a route's path, by the type of their converter."""
    own = typing.cast("dict[str, Any]", view.param_convertors)
    rest = isinstance(getattr(view, "original_route", view), Mount)
    return tuple(
        path_parameter(name, convertor)
        for name, convertor in own.items()
        if not (rest and name == "path")  # the remainder, which Mount adds itself
    )


def path_parameter(name: str, convertor: Any) -> model.Parameter:
    for kind, annotation, narrower in _CONVERTORS:
        if type(convertor) is kind:
            return model.Parameter(
                name=name,
                location="path",
                annotation=annotation,
                multi_segment=kind is PathConvertor,
                pattern=convertor.regex if narrower else None,
            )
    return model.Parameter(
        name=name,
        location="path",
        annotation=_converted_type(convertor.convert),
        multi_segment=re.fullmatch(convertor.regex, "a/b") is not None,
        pattern=convertor.regex,
    )


def _converted_type(convert: Callable[[str], Any]) -> Any:
    try:
        annotation = typing.get_type_hints(convert, include_extras=True).get("return", str)
    except Exception:  # an annotation that names what is only imported for type checkers
        return str
    return str if isinstance(annotation, typing.TypeVar) else annotation


def _is_not_found(default: Any) -> bool:
    """Whether a router's fallback is Starlette's own answer 404."""
    while isinstance(default, partial):
        default = default.func
    return inspect.ismethod(default) and default.__func__ is Router.not_found
