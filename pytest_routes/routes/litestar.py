"""The routes of Litestar: handlers, controllers, listeners, streams and mounted applications."""

from __future__ import annotations

import inspect
import itertools
import typing
from typing import TYPE_CHECKING, Any

from litestar.controller import Controller
from litestar.handlers import WebsocketListener
from litestar.handlers.websocket_handlers import WebsocketListenerRouteHandler
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute

from pytest_routes.routes import model
from pytest_routes.routes.graphql import subprotocols_of
from pytest_routes.routes.litestar_types import (
    answer_type,
    body,
    parameters,
    providers,
    transferred,
)
from pytest_routes.routes.plain_json import is_plain_json
from pytest_routes.routes.source import user_code, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from litestar import Litestar
    from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

    from pytest_routes.routes.walk import Observer, Place, Undo, Walk

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def routes(app: Litestar, place: Place, walk: Walk) -> Iterator[model.Route]:
    """The routes of a Litestar application; Litestar has flattened its routers already."""
    for route in _in_stable_order(app.routes):
        if isinstance(route, WebSocketRoute):
            yield _websocket(route, place)
        elif isinstance(route, HTTPRoute):
            yield from _http(route, place)
        elif isinstance(route, ASGIRoute):
            yield from walk.enter(_mounted(route.route_handler.fn), place.below(_prefix(route)))


def observe(app: Litestar, callback: Observer) -> Undo:
    """Litestar catches a handler's exception and closes with 4500, or answers with 500."""

    async def hook(exception: BaseException, scope: Any) -> None:
        callback(exception, scope)

    app.after_exception.append(hook)

    def undo() -> None:
        app.after_exception.remove(hook)

    return undo


def _in_stable_order(declared: list[Any]) -> Iterator[Any]:
    """The order of declaration where Litestar keeps none.

    The paths of one handler are a set, so that their order depends on the hash seed; so does
    the order of the documentation's pages. A controller's handlers are sorted by name.
    """
    for _, group in itertools.groupby(declared, key=_declared_together):
        yield from sorted(group, key=lambda route: (_line(route), str(route.path)))


def _declared_together(route: Any) -> tuple[Any, ...]:
    handler = _first_handler(route)
    controller = _controller(handler)
    if controller is not None:
        return ("controller", id(controller))
    if _is_litestars(handler):
        return ("documentation",)
    return ("handler", *sorted(handler.paths))


def _line(route: Any) -> int:
    handler = _first_handler(route)
    if _controller(handler) is None:
        return 0
    code = getattr(written(_function(handler)).handler, "__code__", None)
    return int(getattr(code, "co_firstlineno", 0))


def _first_handler(route: Any) -> BaseRouteHandler:
    """The handler of a route that a user wrote; Litestar puts its own OPTIONS beside it."""
    handlers: list[BaseRouteHandler] = getattr(route, "route_handlers", None) or []
    written_by_user = (handler for handler in handlers if not _is_litestars(handler))
    if not handlers:
        return typing.cast("BaseRouteHandler", route.route_handler)
    return min(written_by_user, key=lambda handler: handler.handler_name, default=handlers[0])


def _controller(handler: BaseRouteHandler) -> Controller | None:
    owner = getattr(inspect.unwrap(handler.fn), "__self__", None)
    return owner if isinstance(owner, Controller) else None


def _is_litestars(handler: BaseRouteHandler) -> bool:
    return str(getattr(_function(handler), "__module__", "")).startswith("litestar.")


def _prefix(route: ASGIRoute) -> str:
    return "" if route.path == "/" else route.path


def _mounted(fn: Any) -> Any:
    return getattr(fn, "func", fn)


def _websocket(route: WebSocketRoute, place: Place) -> model.Route:
    handler = route.route_handler
    in_path, others = parameters(handler, route)
    here = place.below(route.path, in_path)
    described: dict[str, Any] = {"handler": written(_function(handler)).handler}
    if isinstance(handler, WebsocketListenerRouteHandler):
        described |= _listener(handler)
    elif _is_stream(handler):
        described |= {"reads": frozenset(), "auto_accept": True, "answer": answer_type(handler)}
    return model.Route(
        kind="websocket",
        path=here.path,
        template=here.template,
        parameters=(*here.parameters, *others),
        framework="litestar",
        host=here.host,
        dependencies=(*here.dependencies, *_around(handler)),
        subprotocols=subprotocols_of(handler.fn),
        **described,
    )


def _function(handler: BaseRouteHandler) -> Any:
    """What the user decorated; a listener keeps it one level deeper."""
    return getattr(handler.fn, "_fn", handler.fn)


def _is_stream(handler: BaseRouteHandler) -> bool:
    return hasattr(handler, "_ws_stream_options")


def _listener(handler: WebsocketListenerRouteHandler) -> dict[str, Any]:
    """A listener decodes each message for its `data`, but only a DTO validates it.

    Without one, `str` and `bytes` are handed on as they are, and anything else is plain
    JSON whatever `data` is declared as.
    """
    declared = handler.parsed_data_field
    annotation = declared.annotation if declared is not None else Any
    dto = handler.resolve_data_dto()
    message: Any = model.MISSING
    if dto is not None:
        message = transferred(dto, handler, "data_backend", annotation)
    elif is_plain_json(annotation) or annotation is bytes:
        message = annotation
    mode = getattr(handler, "_receive_mode", "text")
    text = annotation in (str, bytes) and dto is None
    owner = getattr(_function(handler), "__self__", None)
    code = type(owner) if isinstance(owner, WebsocketListener) else _function(handler)
    return {
        "handler": written(code).handler,
        "message": message,
        "answer": answer_type(handler),
        "reads": frozenset({"bytes"} if mode == "binary" else {"text" if text else "json"}),
        "auto_accept": getattr(handler, "_connection_lifespan", None) is None,
    }


def _http(route: HTTPRoute, place: Place) -> Iterator[model.Route]:
    handlers = {method: handler for handler in route.route_handlers for method in _own(handler)}
    for method in (name for name in _METHODS if name in handlers):
        handler = handlers[method]
        in_path, others = parameters(handler, route)
        here = place.below(route.path, in_path)
        answer = answer_type(handler)
        # Without a media type, a response object chooses one by its content.
        media_type = str(getattr(handler.media_type, "value", handler.media_type))
        is_json = "json" in media_type if media_type else answer is not str
        yield model.Route(
            kind="http",
            path=here.path,
            template=here.template,
            method=method,
            parameters=(*here.parameters, *others),
            handler=written(_function(handler)).handler,
            framework="litestar",
            host=here.host,
            answer=answer if is_json and answer is not bytes else model.MISSING,
            body=body(handler),
            dependencies=(*here.dependencies, *_around(handler)),
        )


def _own(handler: HTTPRouteHandler) -> set[str]:
    """The methods that a handler answers, without the OPTIONS that Litestar adds."""
    methods = {str(getattr(method, "value", method)) for method in handler.http_methods}
    return methods - {"OPTIONS"} if _is_litestars(handler) else methods


def _around(handler: BaseRouteHandler) -> tuple[Any, ...]:
    """Guards and dependencies, and the decorators and hooks of the handler itself."""
    guards = [guard for layer in handler.ownership_layers for guard in layer.guards or ()]
    needed = [provider.dependency for _, provider in providers(handler)]
    hooks = [getattr(handler, name, None) for name in _HOOKS]
    return (
        *written(_function(handler)).around,
        *user_code([each for each in (*guards, *needed, *hooks) if each is not None]),
    )


_HOOKS = ("connection_accept_handler", "_connection_lifespan", "on_accept", "on_disconnect")
