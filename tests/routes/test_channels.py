"""Discovery in Django Channels: protocols, URL patterns, consumers, allowed origins."""

# ruff: noqa: ARG002 (a handler declares parameters for what they declare)

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from annotated_types import Ge

pytest.importorskip("channels")

from django.conf import settings

if not settings.configured:
    settings.configure(ALLOWED_HOSTS=["example.org"], INSTALLED_APPS=["channels"])

from channels.generic.http import AsyncHttpConsumer
from channels.generic.websocket import (
    AsyncJsonWebsocketConsumer,
    AsyncWebsocketConsumer,
    JsonWebsocketConsumer,
)
from channels.middleware import BaseMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator, OriginValidator
from django.urls import path, re_path
from starlette.applications import Starlette
from starlette.routing import Mount, Route, WebSocketRoute

from pytest_routes.routes import Parameter, discover

from .speaking import speak, texts


class Echo(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.accept()
        await self.send(f"echo {self.scope['url_route']['kwargs']}")


class Json(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: Any, **_: Any) -> None: ...


class OwnReceive(JsonWebsocketConsumer):
    def receive(self, text_data: Any = None, bytes_data: Any = None, **_: Any) -> None: ...


class Page(AsyncHttpConsumer):
    async def handle(self, body: bytes) -> None:
        await self.send_response(200, b"page")


class Signed(BaseMiddleware):
    pass


async def raw(scope: Any, receive: Any, send: Any) -> None: ...


def application() -> Any:
    rooms = URLRouter(
        [
            path("<int:room>/", Echo.as_asgi()),
            re_path(r"^named/(?P<name>[a-z]{2,3})/(?P<rest>.+)$", Echo.as_asgi()),
        ]
    )
    sockets = URLRouter(
        [
            path("ws/chat/<uuid:key>/", Echo.as_asgi()),
            path("rooms/", rooms),
            re_path(r"^signed/", Signed(URLRouter([path("in", Echo.as_asgi())]))),
            re_path(r"^plain$", Signed(Echo.as_asgi())),
        ]
    )
    pages = URLRouter([path("page/", Page.as_asgi()), re_path(r"", raw)])
    return ProtocolTypeRouter({"websocket": Signed(sockets), "http": pages})


def test_consumers_are_found_by_protocol_and_pattern() -> None:
    found = discover(application())
    assert [route.id for route in found.routes] == [
        "GET /page/",
        "/ws/chat/{key:uuid}/",
        "/rooms/{room:int}/",
        "/rooms/named/{name}/{rest}",
        "/signed/in",
        "/plain",
    ]
    assert "/: the function raw, whose routes cannot be discovered" in found.looked_at
    assert found.routes[1].handler is Echo
    assert found.routes[1].framework == "channels"
    assert found.routes[1].dependencies == (Signed,)


def test_every_route_answers_at_its_path() -> None:
    app = application()
    for route in discover(app).routes:
        said = texts(speak(app, route, name="abc"))
        assert [text[:4] for text in said] == ["echo" if route.kind == "websocket" else "page"]


@pytest.mark.parametrize(
    ("pattern", "declared", "expected"),
    [
        (path("<a>", Echo.as_asgi()), "/{a}", Parameter("a", "path", str)),
        (
            path("<int:a>", Echo.as_asgi()),
            "/{a:int}",
            Parameter("a", "path", Annotated[int, Ge(0)], pattern="[0-9]+"),
        ),
        (path("<uuid:a>", Echo.as_asgi()), "/{a:uuid}", Parameter("a", "path", UUID)),
        (
            path("<path:a>", Echo.as_asgi()),
            "/{a:path}",
            Parameter("a", "path", str, multi_segment=True),
        ),
        (
            path("<slug:a>", Echo.as_asgi()),
            "/{a:slug}",
            Parameter("a", "path", str, pattern="[-a-zA-Z0-9_]+"),
        ),
        (
            re_path(r"^(?P<a>(?:x|y[)(]){2})/?$", Echo.as_asgi()),
            "/{a}",
            Parameter("a", "path", str, pattern="(?:x|y[)(]){2}"),
        ),
        (re_path(r"^(\d+)$", Echo.as_asgi()), "/{0}", Parameter("0", "path", str, pattern=r"\d+")),
    ],
)
def test_a_placeholder_has_the_type_or_the_expression_of_its_pattern(
    pattern: Any, declared: str, expected: Parameter
) -> None:
    (route,) = discover(URLRouter([pattern])).routes
    assert route.path == declared
    assert route.parameters == (expected,)


@pytest.mark.parametrize(
    ("consumer", "reads", "auto_accept"),
    [(Echo, None, False), (Json, {"json"}, True), (OwnReceive, None, True)],
)
def test_a_consumer_declares_what_it_reads(consumer: Any, reads: Any, auto_accept: bool) -> None:
    (route,) = discover(URLRouter([path("ws", consumer.as_asgi())])).routes
    assert route.reads == reads
    assert route.auto_accept == auto_accept


def test_an_allowed_origin_is_a_parameter_of_the_handshake() -> None:
    inner = URLRouter([path("ws", Echo.as_asgi())])
    (open_route,) = discover(
        ProtocolTypeRouter({"websocket": OriginValidator(inner, ["*"])})
    ).routes
    app = ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(inner)})
    (route,) = discover(app).routes
    assert open_route.parameters == ()
    assert route.parameters == (
        Parameter("origin", "header", annotation=Literal["http://example.org"]),
    )
    assert texts(speak(app, route, headers=((b"origin", b"http://example.org"),))) == ["echo {}"]


def test_an_application_of_another_framework_answers_its_protocol_only() -> None:
    async def handler(request: Any) -> None: ...

    pages = Starlette(routes=[Route("/page", handler), WebSocketRoute("/never", handler)])
    sockets = URLRouter([path("ws", Echo.as_asgi())])
    app = ProtocolTypeRouter({"http": pages, "websocket": sockets})
    assert [route.id for route in discover(app).routes] == ["GET /page", "/ws"]


def test_a_router_can_be_mounted_in_starlette() -> None:
    app = Starlette(routes=[Mount("/django", URLRouter([path("ws", Echo.as_asgi())]))])
    (route,) = discover(app).routes
    assert route.id == "/django/ws"
    assert texts(speak(app, route)) == ["echo {}"]
