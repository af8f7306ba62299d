"""What Litestar's handlers declare: parameters, bodies, and the types of messages."""

from __future__ import annotations

import inspect
import typing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from litestar.params import BodyKwarg, DependencyKwarg, ParameterKwarg
from litestar.response import Response
from msgspec import Meta

from pytest_routes.routes import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
    from litestar.typing import FieldDefinition
    from litestar.utils.signature import ParsedSignature

# Arguments that Litestar fills in itself; a listener passes the last three to its hooks.
_RESERVED = frozenset(
    {"request", "socket", "headers", "query", "cookies", "state", "data", "body", "scope"}
    | {f"{hook}_dependencies" for hook in ("connection_lifespan", "on_accept", "on_disconnect")}
)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _signatures(handler: BaseRouteHandler) -> Iterator[ParsedSignature]:
    yield handler.parsed_fn_signature
    for _, provider in providers(handler):
        yield provider.parsed_fn_signature


def providers(handler: BaseRouteHandler) -> Iterator[tuple[str, Any]]:
    """The dependencies that the handler asks for, and those that they ask for in turn."""
    available = handler.resolve_dependencies()
    waiting, met = [handler.parsed_fn_signature], set()
    while waiting:
        for name in waiting.pop(0).parameters:
            if name in available and name not in met:
                met.add(name)
                yield name, available[name]
                waiting.append(available[name].parsed_fn_signature)


def parameters(
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


def body(handler: HTTPRouteHandler) -> model.Body | None:
    """The `data` that the handler or one of its dependencies reads, or the raw `body`."""
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
        annotation = transferred(dto, handler, "data_backend", annotation)
    return model.Body(
        annotation=annotation,
        media_type=str(getattr(media_type, "value", media_type)),
        required=not field.is_optional,
    )


def answer_type(handler: BaseRouteHandler) -> Any:
    """The declared type of what is sent back; MISSING where a response object says it all."""
    field = handler.parsed_return_field
    dto = handler.resolve_return_dto()
    if dto is not None:
        return transferred(dto, handler, "return_backend", model.MISSING)
    annotation: Any = field.annotation
    if field.is_subclass_of(Response):
        annotation = field.inner_types[0].annotation if field.inner_types else Any
    origin = typing.get_origin(annotation) or annotation
    framework_type = getattr(origin, "__module__", "").startswith(("litestar", "starlette"))
    nothing = annotation in (Any, None, type(None)) or field.is_type_var
    return model.MISSING if nothing or framework_type else annotation


def transferred(dto: Any, handler: BaseRouteHandler, key: str, declared: Any) -> Any:
    """What a DTO reads or writes: the declared type with its fields renamed and left out.

    Litestar has no public name for it; without it, the declared type is the best guess.
    """
    backends = getattr(dto, "_dto_backends", {}).get(handler.handler_id, {})
    return getattr(backends.get(key), "annotation", declared)
