"""The routes of FastAPI: parameters, bodies and answers by their declared types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from fastapi.dependencies.utils import get_dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from fastapi.security.api_key import APIKeyBase
from fastapi.security.base import SecurityBase
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from starlette.responses import JSONResponse

from pytest_routes.routes import model
from pytest_routes.routes.graphql import subprotocols_of
from pytest_routes.routes.source import user_code, written
from pytest_routes.routes.starlette import listed, path_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.dependencies.models import Dependant
    from pydantic.fields import FieldInfo

    from pytest_routes.routes.walk import Place


def routes(route: Any, view: Any, app: Any, place: Place) -> Iterator[model.Route]:
    """The routes of an `APIRoute` (one for each method) or an `APIWebSocketRoute`.

    `view` tells what holds at the place where a router is included; it is the route itself
    where nothing is included.
    """
    dependants = list(_flat(view.dependant, getattr(app, "dependency_overrides", None) or {}))
    declared = [parameter for dependant in dependants for parameter in _parameters(dependant)]
    parameters = merged(declared)
    here = place.below(view.path, _typed(path_parameters(view), parameters))
    code = written(view.endpoint)
    calls = [dependant.call for dependant in dependants[1:]]
    found = model.Route(
        kind="websocket" if isinstance(route, APIWebSocketRoute) else "http",
        path=here.path,
        template=here.template,
        parameters=(*here.parameters, *(p for p in parameters if p.location != "path")),
        handler=code.handler,
        framework="fastapi",
        host=here.host,
        subprotocols=subprotocols_of(view.endpoint),
        dependencies=(
            *here.dependencies,
            *code.around,
            *user_code([call for call in calls if not isinstance(call, SecurityBase)]),
        ),
    )
    if found.kind == "websocket":
        yield found
        return
    body, answer = _body(view.body_field), _answer(route, view)
    for method in listed(view.methods):
        yield replace(
            found, method=method, body=body, answer=answer, answer_status=view.status_code or 200
        )


def _flat(dependant: Dependant, overrides: dict[Any, Any]) -> Iterator[Dependant]:
    """A handler's parameters and those of everything it depends on, overrides in place."""
    yield dependant
    for dependency in dependant.dependencies:
        override = overrides.get(dependency.call)
        if override is not None:
            dependency = get_dependant(path=dependency.path or "", call=override)
        yield from _flat(dependency, overrides)


def _parameters(dependant: Dependant) -> Iterator[model.Parameter]:
    for field in (
        *dependant.path_params,
        *dependant.query_params,
        *dependant.header_params,
        *dependant.cookie_params,
    ):
        yield from _of_field(field)
    if isinstance(dependant.call, APIKeyBase):
        scheme: Any = dependant.call.model
        yield model.Parameter(
            name=scheme.name,
            location=scheme.in_.value,
            required=bool(getattr(dependant.call, "auto_error", True)),
        )


def _of_field(field: Any) -> Iterator[model.Parameter]:
    info = field.field_info
    location = info.in_.value
    fields = _model_of(info.annotation) if location != "path" else None
    if fields is None:
        name = _wire_name(field.alias, info) or field.name
        yield _parameter(name, location, info, required=info.is_required())
        return
    hyphens = location == "header" and getattr(info, "convert_underscores", True)
    for name, inner in fields.items():
        given = _wire_name(inner.alias, inner)
        alias = given or (name.replace("_", "-") if hyphens else name)
        required = info.is_required() and inner.is_required()
        yield _parameter(alias, location, inner, required=required)


def _model_of(annotation: Any) -> dict[str, FieldInfo] | None:
    """The fields of a model that stands for several parameters."""
    alternatives = getattr(annotation, "__args__", ())
    if type(None) in alternatives and len(alternatives) == 2:
        annotation = next(each for each in alternatives if each is not type(None))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation.model_fields
    return None


def _wire_name(alias: str | None, info: FieldInfo) -> str | None:
    """The name under which a client gives a value; the validation alias goes first."""
    validation = info.validation_alias
    choices = getattr(validation, "choices", None) or [validation]
    return next((choice for choice in choices if isinstance(choice, str)), alias)


def _parameter(name: str, location: Any, info: FieldInfo, *, required: bool) -> model.Parameter:
    default = info.default
    return model.Parameter(
        name=name,
        location=location,
        annotation=_annotation(info),
        required=required,
        default=model.MISSING if default in (PydanticUndefined, ...) else default,
    )


def _annotation(info: FieldInfo) -> Any:
    if not info.metadata:
        return info.annotation
    return Annotated[info.annotation, *info.metadata]


def merged(parameters: list[model.Parameter]) -> list[model.Parameter]:
    """Each parameter once, as it may be asked for by a handler and by its dependencies."""
    kept: dict[tuple[str, str], model.Parameter] = {}
    for parameter in parameters:
        name = parameter.name.lower() if parameter.location == "header" else parameter.name
        first = kept.setdefault((parameter.location, name), parameter)
        if parameter.required and not first.required:
            kept[parameter.location, name] = parameter
    return list(kept.values())


def _typed(
    placeholders: tuple[model.Parameter, ...], declared: list[model.Parameter]
) -> tuple[model.Parameter, ...]:
    """The placeholders with the types that the handler declares for them."""
    types = {each.name: each.annotation for each in declared if each.location == "path"}
    return tuple(
        replace(placeholder, annotation=types.get(placeholder.name, placeholder.annotation))
        for placeholder in placeholders
    )


def _body(field: Any) -> model.Body | None:
    if field is None:
        return None
    info = field.field_info
    return model.Body(
        annotation=_annotation(info),
        media_type=info.media_type,
        required=info.is_required(),
    )


# Each makes FastAPI leave something out of what the declared type asks for.
_PRUNING = (
    "response_model_include",
    "response_model_exclude",
    "response_model_exclude_unset",
    "response_model_exclude_defaults",
    "response_model_exclude_none",
)


def _answer(route: Any, view: Any) -> Any:
    if view.response_model is None or not view.response_model_by_alias:
        return model.MISSING
    if any(getattr(view, name, None) for name in _PRUNING) or not _writes_as_declared(route, view):
        return model.MISSING
    return view.response_model


def _writes_as_declared(route: Any, view: Any) -> bool:
    """Whether FastAPI's own code makes the JSON: a class of the application's may wrap it."""
    response_class = getattr(view.response_class, "value", view.response_class)
    if not isinstance(response_class, type) or not issubclass(response_class, JSONResponse):
        return False
    if type(route).get_route_handler is not APIRoute.get_route_handler:
        return False
    return response_class.render.__module__.partition(".")[0] in ("fastapi", "starlette")
