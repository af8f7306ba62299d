"""The routes of Quart: its URL map, with Werkzeug's converters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import quart
from annotated_types import Ge, Le, MaxLen, MinLen
from quart.signals import got_request_exception, got_websocket_exception
from werkzeug.routing import (
    AnyConverter,
    FloatConverter,
    IntegerConverter,
    PathConverter,
    UnicodeConverter,
    UUIDConverter,
)

from pytest_routes.routes import model
from pytest_routes.routes.source import is_user_code, user_code, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quart import Quart
    from werkzeug.routing import Rule

    from pytest_routes.routes.walk import Observer, Place, Undo, Walk

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

# `<name>`, `<converter:name>`, `<converter(arguments):name>`
_PLACEHOLDER = re.compile(r"<(?:(?P<converter>\w+)(?:\((?P<arguments>.*?)\))?:)?(?P<name>\w+)>")


def routes(app: Quart, place: Place, walk: Walk) -> Iterator[model.Route]:  # noqa: ARG001
    """The routes of an application and its blueprints, those of static files left out."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        code = written(getattr(view, "view_class", view))
        if code.handler is None or not is_user_code(code.handler):
            continue
        here = place.below(_path(rule.rule), _parameters(app, rule))
        kind: Any = "websocket" if rule.websocket else "http"
        for method in [""] if rule.websocket else _methods(rule):
            yield model.Route(
                kind=kind,
                path=here.path,
                template=here.template,
                method=method,
                parameters=here.parameters,
                handler=_of_method(code.handler, method),
                framework="quart",
                host=_host(app, rule) or here.host,
                dependencies=(*here.dependencies, *code.around, *_before(app, rule, kind)),
            )


def observe(app: Quart, callback: Observer) -> Undo:
    """Quart logs a handler's exception and closes with 1000, or answers with 500."""

    async def in_websocket(sender: Quart, exception: BaseException) -> None:  # noqa: ARG001
        callback(exception, quart.websocket.scope)

    async def in_request(sender: Quart, exception: BaseException) -> None:  # noqa: ARG001
        callback(exception, quart.request.scope)

    got_websocket_exception.connect(in_websocket, sender=app, weak=False)
    got_request_exception.connect(in_request, sender=app, weak=False)

    def undo() -> None:
        got_websocket_exception.disconnect(in_websocket, sender=app)
        got_request_exception.disconnect(in_request, sender=app)

    return undo


def _path(rule: str) -> str:
    """`/ws/{room:int}` of `/ws/<int:room>`: placeholders look alike in every framework."""

    def braces(placeholder: re.Match[str]) -> str:
        kind = placeholder["converter"]
        return f"{{{placeholder['name']}:{kind}}}" if kind else f"{{{placeholder['name']}}}"

    return _PLACEHOLDER.sub(braces, rule)


def _methods(rule: Rule) -> list[str]:
    methods = set(rule.methods or ())
    if "GET" in methods:
        methods.discard("HEAD")
    if getattr(rule, "provide_automatic_options", False):
        methods.discard("OPTIONS")
    return [method for method in _METHODS if method in methods]


def _of_method(handler: Any, method: str) -> Any:
    """A class-based view's own method for an HTTP method."""
    own = getattr(handler, method.lower(), None) if method and isinstance(handler, type) else None
    return own or handler


def _host(app: Quart, rule: Rule) -> str | None:
    if rule.host:
        return rule.host if "<" not in rule.host else None
    server = app.config.get("SERVER_NAME")
    if rule.subdomain and server and "<" not in rule.subdomain:
        return f"{rule.subdomain}.{server}"
    return str(server) if server else None


def _before(app: Quart, rule: Rule, kind: str) -> tuple[Any, ...]:
    registered: Any = (
        app.before_websocket_funcs if kind == "websocket" else app.before_request_funcs
    )
    parts = rule.endpoint.split(".")[:-1]
    blueprints = [".".join(parts[: n + 1]) for n in range(len(parts))]
    return user_code([each for name in (None, *blueprints) for each in registered.get(name, ())])


def _parameters(app: Quart, rule: Rule) -> tuple[model.Parameter, ...]:
    made = getattr(rule, "_converters", {})
    return tuple(
        _parameter(found["name"], made.get(found["name"]) or _made(app, found["converter"]))
        for found in _PLACEHOLDER.finditer(rule.rule)
    )


def _made(app: Quart, name: str | None) -> Any:
    """A converter by its name alone, should Werkzeug keep the rule's own elsewhere."""
    converter = app.url_map.converters.get(name or "default", UnicodeConverter)
    return converter(app.url_map)


def _parameter(name: str, converter: Any) -> model.Parameter:
    kind = type(converter)
    annotation, pattern = _TYPES.get(kind, _own)(converter)
    return model.Parameter(
        name=name,
        location="path",
        annotation=annotation,
        multi_segment=isinstance(converter, PathConverter) or not converter.part_isolating,
        pattern=pattern,
    )


def _number(converter: Any) -> tuple[Any, str]:
    number = int if isinstance(converter, IntegerConverter) else float
    low = converter.min if converter.min is not None else None if converter.signed else 0
    bounds: list[Any] = [Ge(low)] if low is not None else []
    bounds += [Le(converter.max)] if converter.max is not None else []
    return (Annotated[number, *bounds] if bounds else number), converter.regex


def _text(converter: Any) -> tuple[Any, str | None]:
    """The lengths of `<string(minlength=2, maxlength=4):name>` are in the expression."""
    lengths = re.fullmatch(r"\[\^/\]\{(\d*),?(\d*)\}", converter.regex)
    if lengths is None or converter.regex == UnicodeConverter(converter.map).regex:
        return str, None
    low, high = lengths[1], lengths[2] or ("" if "," in converter.regex else lengths[1])
    bounds: list[Any] = [MinLen(int(low or 1))]
    bounds += [MaxLen(int(high))] if high else []
    return Annotated[str, *bounds], None


def _any(converter: Any) -> tuple[Any, None]:
    return Literal[tuple(sorted(converter.items))], None


def _own(converter: Any) -> tuple[Any, str]:
    return str, converter.regex


_TYPES: dict[type, Any] = {
    IntegerConverter: _number,
    FloatConverter: _number,
    UnicodeConverter: _text,
    AnyConverter: _any,
    PathConverter: lambda _: (str, None),
    UUIDConverter: lambda _: (UUID, None),
}
