"""The routes of Django Channels: consumers by protocol and by Django's URL patterns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from annotated_types import Ge
from channels.generic.websocket import (
    AsyncJsonWebsocketConsumer,
    AsyncWebsocketConsumer,
    JsonWebsocketConsumer,
    WebsocketConsumer,
)
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.urls.converters import IntConverter, PathConverter, StringConverter, UUIDConverter
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

from pytest_routes.routes import layers, model
from pytest_routes.routes.graphql import subprotocols_of
from pytest_routes.routes.source import user_code
from pytest_routes.routes.walk import framework_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.routes.walk import Place, Walk


def routes(app: Any, place: Place, walk: Walk) -> Iterator[model.Route]:
    """The routes of a `ProtocolTypeRouter` or of a `URLRouter`."""
    if isinstance(app, URLRouter):
        yield from _router(app, place if place.path.endswith("/") else place.below("/"), walk, ())
        return
    for protocol in ("http", "websocket"):
        handler = app.application_mapping.get(protocol)
        if handler is not None:
            for route in _answered(handler, place, walk, ()):
                if route.kind == protocol:
                    yield route


def _router(
    router: URLRouter, place: Place, walk: Walk, around: tuple[Any, ...]
) -> Iterator[model.Route]:
    for route in router.routes:
        path, parameters = _pattern(route.pattern)
        yield from _answered(route.callback, place.below(path, parameters), walk, around)


def _answered(
    callback: Any, place: Place, walk: Walk, around: tuple[Any, ...]
) -> Iterator[model.Route]:
    """What a callback answers: a consumer, another router or another application."""
    found = layers.search(callback, _answers)
    around = (*around, *found.through)
    answering = found.apps[0] if found.apps else callback
    if isinstance(answering, URLRouter):
        here = place if place.path else place.below("/")
        yield from _router(answering, here, walk, around)
    elif _consumer(answering) is not None:
        yield from _consumed(answering, place, around)
    elif isinstance(answering, ProtocolTypeRouter):
        yield from routes(answering, place, walk)
    else:
        yield from walk.enter(callback, place)


def _answers(candidate: Any) -> bool:
    return _consumer(candidate) is not None or framework_of(candidate) is not None


def _consumer(callback: Any) -> Any:
    return getattr(callback, "consumer_class", None)


def _consumed(callback: Any, place: Place, around: tuple[Any, ...]) -> Iterator[model.Route]:
    consumer = _consumer(callback)
    is_websocket = hasattr(consumer, "websocket_connect")
    origin = [_origin(layer) for layer in around if isinstance(layer, OriginValidator)]
    yield model.Route(
        kind="websocket" if is_websocket else "http",
        path=place.path,
        template=place.template,
        method="" if is_websocket else "GET",
        parameters=(*place.parameters, *filter(None, origin)),
        handler=consumer,
        framework="channels",
        host=place.host,
        reads=_reads(consumer),
        auto_accept=getattr(consumer, "connect", None) in _ACCEPTING,
        subprotocols=subprotocols_of(consumer) if is_websocket else (),
        dependencies=(*place.dependencies, *user_code([type(layer) for layer in around])),
    )


_ACCEPTING = (WebsocketConsumer.connect, AsyncWebsocketConsumer.connect)
_JSON = ((JsonWebsocketConsumer, "receive"), (AsyncJsonWebsocketConsumer, "receive"))


def _reads(consumer: type) -> frozenset[Any] | None:
    """The JSON consumers decode text themselves, unless `receive` is written anew."""
    for base, name in _JSON:
        if issubclass(consumer, base) and getattr(consumer, name) is getattr(base, name):
            return frozenset({"json"})
    return None


def _origin(validator: Any) -> model.Parameter | None:
    """A handshake without an allowed `Origin` is refused by Channels."""
    allowed = [_an_origin(pattern) for pattern in validator.allowed_origins]
    if "*" in allowed or not allowed:
        return None
    return model.Parameter("origin", "header", annotation=Literal[tuple(allowed)])


def _an_origin(pattern: Any) -> str:
    text = str(getattr(pattern, "pattern", pattern))
    if text == "*":
        return text
    return text if "//" in text else f"http://{text.removeprefix('.')}"


_PLACEHOLDER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


def _braces(placeholder: re.Match[str]) -> str:
    """`{room:int}` of `<int:room>`: placeholders look alike in every framework."""
    kind = placeholder["converter"]
    return f"{{{placeholder['name']}:{kind}}}" if kind else f"{{{placeholder['name']}}}"


def _pattern(pattern: Any) -> tuple[str, tuple[model.Parameter, ...]]:
    text = str(pattern)
    if isinstance(pattern, RoutePattern):
        converters = pattern.converters
        path = _PLACEHOLDER.sub(_braces, text)
        return path, tuple(_converted(name, each) for name, each in converters.items())
    (path, names), *_ = normalize(text)
    placeholders = {name: "{" + name.lstrip("_") + "}" for name in names}
    groups = _groups(text)
    return path % placeholders, tuple(
        model.Parameter(
            name=name.lstrip("_"),
            location="path",
            pattern=groups.get(name),
            multi_segment=re.fullmatch(groups.get(name, "x"), "a/b") is not None,
        )
        for name in names
    )


def _groups(expression: str) -> dict[str, str]:
    """The expression of every group, named or (as Django counts them) `_0`, `_1`."""
    found: dict[str, str] = {}
    opened: list[tuple[str, int]] = []
    position, in_class, unnamed = 0, False, 0
    while position < len(expression):
        character = expression[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            named = re.match(r"\(\?P<(\w+)>", expression[position:])
            special = expression[position + 1 : position + 2] == "?"
            name = named[1] if named else "" if special else f"_{unnamed}"
            unnamed += not special
            opened.append((name, position + (named.end() if named else 1)))
        elif character == ")" and opened:
            name, start = opened.pop()
            if name:
                found[name] = expression[start:position]
        position += 1
    return found


# Type of the value, and whether the type allows more than the converter takes.
_CONVERTERS: tuple[tuple[Any, Any, bool], ...] = (
    (StringConverter, str, False),
    (PathConverter, str, False),
    (IntConverter, Annotated[int, Ge(0)], True),
    (UUIDConverter, UUID, False),
)


def _converted(name: str, converter: Any) -> model.Parameter:
    own = (None, str, True)
    _, annotation, narrower = next(
        (known for known in _CONVERTERS if type(converter) is known[0]), own
    )
    return model.Parameter(
        name=name,
        location="path",
        annotation=annotation,
        multi_segment=re.fullmatch(converter.regex, "a/b") is not None,
        pattern=converter.regex if narrower else None,
    )
