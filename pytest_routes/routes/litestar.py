"""The routes of Litestar: handlers, controllers, listeners, streams and mounted applications."""

from __future__ import annotations

import inspect
import itertools
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from litestar.controller import Controller
from litestar.handlers import WebsocketListener
from litestar.handlers.websocket_handlers import WebsocketListenerRouteHandler
from litestar.params import BodyKwarg, DependencyKwarg, ParameterKwarg
from litestar.response import Response
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute
from msgspec import Meta

from pytest_routes.routes import model
from pytest_routes.routes.plain_json import is_plain_json
from pytest_routes.routes.source import user_code, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from litestar import Litestar
    from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
    from litestar.typing import FieldDefinition
    from litestar.utils.signature import ParsedSignature

    from pytest_routes.routes.walk import Observer, Place, Undo, Walk

# Arguments that Litestar fills in itself; a listener passes the last three to its hooks.
_RESERVED = frozenset(
    {"request", "socket", "headers", "query", "cookies", "state", "data", "body", "scope"}
    | {f"{hook}_dependencies" for hook in ("connection_lifespan", "on_accept", "on_disconnect")}
)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
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
    in_path, others = _parameters(handler, route)
    here = place.below(route.path, in_path)
    described: dict[str, Any] = {"handler": written(_function(handler)).handler}
    if isinstance(handler, WebsocketListenerRouteHandler):
        described |= _listener(handler)
    elif _is_stream(handler):
        described |= {"reads": frozenset(), "auto_accept": True, "answer": _answer_type(handler)}
    return model.Route(
        kind="websocket",
        path=here.path,
        template=here.template,
        parameters=(*here.parameters, *others),
        framework="litestar",
        host=here.host,
        dependencies=(*here.dependencies, *_around(handler)),
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
        message = _transferred(dto, handler, "data_backend", annotation)
    elif is_plain_json(annotation) or annotation is bytes:
        message = annotation
    mode = getattr(handler, "_receive_mode", "text")
    text = annotation in (str, bytes) and dto is None
    owner = getattr(_function(handler), "__self__", None)
    code = type(owner) if isinstance(owner, WebsocketListener) else _function(handler)
    return {
        "handler": written(code).handler,
        "message": message,
        "answer": _answer_type(handler),
        "reads": frozenset({"bytes"} if mode == "binary" else {"text" if text else "json"}),
        "auto_accept": getattr(handler, "_connection_lifespan", None) is None,
    }


def _http(route: HTTPRoute, place: Place) -> Iterator[model.Route]:
    handlers = {method: handler for handler in route.route_handlers for method in _own(handler)}
    for method in (name for name in _METHODS if name in handlers):
        handler = handlers[method]
        in_path, others = _parameters(handler, route)
        here = place.below(route.path, in_path)
        answer = _answer_type(handler)
        is_json = "json" in str(getattr(handler.media_type, "value", handler.media_type))
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
            body=_body(handler),
            dependencies=(*here.dependencies, *_around(handler)),
        )


def _own(handler: HTTPRouteHandler) -> set[str]:
    """The methods that a handler answers, without the OPTIONS that Litestar adds."""
    methods = {str(getattr(method, "value", method)) for method in handler.http_methods}
    return methods - {"OPTIONS"} if _is_litestars(handler) else methods


def _around(handler: BaseRouteHandler) -> tuple[Any, ...]:
    """Guards and dependencies, and the decorators and hooks of the handler itself."""
    guards = [guard for layer in handler.ownership_layers for guard in layer.guards or ()]
    needed = [provider.dependency for _, provider in _providers(handler)]
    hooks = [getattr(handler, name, None) for name in ("on_accept", "on_disconnect")]
    return (
        *written(_function(handler)).around,
        *user_code([each for each in (*guards, *needed, *hooks) if each is not None]),
    )


def _signatures(handler: BaseRouteHandler) -> Iterator[ParsedSignature]:
    yield handler.parsed_fn_signature
    for _, provider in _providers(handler):
        yield provider.parsed_fn_signature


def _providers(handler: BaseRouteHandler) -> Iterator[tuple[str, Any]]:
    """The dependencies that the handler asks for, and those that they ask for in turn."""
    available = handler.resolve_dependencies()
    waiting, met = [handler.parsed_fn_signature], set()
    while waiting:
        for name in waiting.pop(0).parameters:
            if name in available and name not in met:
                met.add(name)
                yield name, available[name]
                waiting.append(available[name].parsed_fn_signature)


def _parameters(
    handler: BaseRouteHandler, route: Any
) -> tuple[tuple[model.Parameter, ...], tuple[model.Parameter, ...]]:
    """The parameters in the path, in its order, and those elsewhere."""
    placeholders = {part.name: part for part in route.path_components if not isinstance(part, str)}
    layered = handler.resolve_layered_parameters()
    fields: dict[str, FieldDefinition] = {}
    for signature in _signatures(handler):
        for name, field in signature.parameters.items():
            original = signature.original_signature.parameters.get(name)
            if original is None or original.kind not in _VARIADIC:
                fields.setdefault(name, field)
    provided = set(handler.resolve_dependencies()) | _RESERVED
    found: dict[tuple[str, str], model.Parameter] = {}
    for name in (*fields, *(name for name in layered if name not in fields)):
        above = layered.get(name)
        field = fields.get(name) or layered[name]
        if name in provided or _is_dependency(field):
            continue
        if above is not None and not isinstance(field.kwarg_definition, ParameterKwarg):
            field = above
        parameter = _parameter(name, field, fields.get(name, field), name in placeholders)
        found.setdefault((parameter.location, parameter.name), parameter)
    in_path = tuple(
        _placeholder(part, found.get(("path", name))) for name, part in placeholders.items()
    )
    others = tuple(each for (location, _), each in found.items() if location != "path")
    return in_path, others


def _is_dependency(field: FieldDefinition) -> bool:
    """A dependency that nobody provides: its default is used."""
    marked = isinstance(field.kwarg_definition, DependencyKwarg)
    return marked or bool(getattr(field, "is_di_field", False))


def _parameter(
    name: str, field: FieldDefinition, own: FieldDefinition, in_path: bool
) -> model.Parameter:
    kwarg = field.kwarg_definition
    location: Any = "query"
    if isinstance(kwarg, ParameterKwarg):
        location = getattr(getattr(kwarg, "param_type", None), "value", location)
        wire_name = getattr(kwarg, "name", None)  # Litestar 2.22 and later
        for place in ("header", "cookie", "query"):
            if getattr(kwarg, place, None):
                location, wire_name = place, getattr(kwarg, place)
        name = name if in_path else wire_name or name
    default = own.default if own.has_default else field.default if field.has_default else None
    required = field.is_required and default is None
    return model.Parameter(
        name=name,
        location="path" if in_path else location,
        annotation=_annotation(field),
        required=in_path or (required and not (field.is_optional or field.is_any)),
        default=default if own.has_default or field.has_default else model.MISSING,
    )


def _placeholder(part: Any, declared: model.Parameter | None) -> model.Parameter:
    """A value in the path has to satisfy the placeholder's type first, the handler's then."""
    annotation = str if part.type is Path else part.type
    if declared is not None and annotation in (str, _without_metadata(declared.annotation)):
        annotation = annotation if part.type is Path else declared.annotation
    return model.Parameter(
        name=part.name,
        location="path",
        annotation=annotation,
        multi_segment=part.type is Path,
    )


def _without_metadata(annotation: Any) -> Any:
    is_annotated = typing.get_origin(annotation) is Annotated
    return typing.get_args(annotation)[0] if is_annotated else annotation


# The names by which msgspec knows the constraints of Litestar's `Parameter`.
_CONSTRAINTS = {
    "gt": "gt",
    "ge": "ge",
    "lt": "lt",
    "le": "le",
    "multiple_of": "multiple_of",
    "min_length": "min_length",
    "max_length": "max_length",
    "min_items": "min_length",
    "max_items": "max_length",
    "pattern": "pattern",
}


def _annotation(field: FieldDefinition) -> Any:
    """The declared type, with the constraints of a `Parameter` as msgspec writes them."""
    kwarg = field.kwarg_definition
    given = {
        name: getattr(kwarg, litestar, None)
        for litestar, name in _CONSTRAINTS.items()
        if getattr(kwarg, litestar, None) is not None
    }
    metadata = [each for each in field.metadata if not isinstance(each, ParameterKwarg)]
    if given:
        metadata = [each for each in metadata if not isinstance(each, Meta)] + [Meta(**given)]
    return Annotated[field.annotation, *metadata] if metadata else field.annotation


def _body(handler: HTTPRouteHandler) -> model.Body | None:
    fields = [
        signature.parameters[name]
        for name in ("data", "body")
        for signature in _signatures(handler)
        if name in signature.parameters
    ]
    if not fields:
        return None
    field = fields[0]
    if field.name == "body":
        return model.Body(annotation=bytes, media_type="application/octet-stream", required=False)
    kwarg = field.kwarg_definition
    media_type = kwarg.media_type if isinstance(kwarg, BodyKwarg) else "application/json"
    annotation = _annotation(field)
    dto = handler.resolve_data_dto()
    if dto is not None:
        annotation = _transferred(dto, handler, "data_backend", annotation)
    return model.Body(
        annotation=annotation,
        media_type=str(getattr(media_type, "value", media_type)),
        required=not field.is_optional,
    )


def _answer_type(handler: BaseRouteHandler) -> Any:
    field = handler.parsed_return_field
    dto = handler.resolve_return_dto()
    if dto is not None:
        return _transferred(dto, handler, "return_backend", model.MISSING)
    annotation: Any = field.annotation
    if field.is_subclass_of(Response):
        annotation = field.inner_types[0].annotation if field.inner_types else Any
    origin = typing.get_origin(annotation) or annotation
    framework_type = getattr(origin, "__module__", "").startswith(("litestar", "starlette"))
    nothing = annotation in (Any, None, type(None)) or field.is_type_var
    return model.MISSING if nothing or framework_type else annotation


def _transferred(dto: Any, handler: BaseRouteHandler, key: str, declared: Any) -> Any:
    """What a DTO reads or writes: the declared type with its fields renamed and left out.

    Litestar has no public name for it; without it, the declared type is the best guess.
    """
    backends = getattr(dto, "_dto_backends", {}).get(handler.handler_id, {})
    return getattr(backends.get(key), "annotation", declared)
