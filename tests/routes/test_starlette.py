"""Discovery in Starlette: whatever is declared is listed under the path that reaches it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import pytest
from annotated_types import Ge
from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Host, Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles

from pytest_routes.routes import Parameter, discover

from .speaking import speak, texts

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(f"echo {websocket.path_params}")


async def page(request: Any) -> PlainTextResponse:
    return PlainTextResponse(f"page {request.path_params}")


def ids(app: Any) -> list[str]:
    return [route.id for route in discover(app).routes]


def only(app: Any) -> Any:
    (route,) = discover(app).routes
    return route


def test_routes_are_listed_in_the_order_of_their_declaration() -> None:
    app = Starlette(
        routes=[
            WebSocketRoute("/z", echo),
            Route("/m", page, methods=["POST", "DELETE"]),
            Mount("/sub", routes=[WebSocketRoute("/y", echo), Route("/x", page)]),
            WebSocketRoute("/a", echo),
        ]
    )
    assert ids(app) == ["/z", "POST /m", "DELETE /m", "/sub/y", "GET /sub/x", "/a"]


def test_a_get_route_answers_head_too_and_is_listed_once() -> None:
    assert ids(Starlette(routes=[Route("/page", page)])) == ["GET /page"]
    assert ids(Starlette(routes=[Route("/page", page, methods=["HEAD"])])) == ["HEAD /page"]


def test_a_websocket_function_is_a_route_with_its_source() -> None:
    route = only(Starlette(routes=[WebSocketRoute("/ws/chat", echo)]))
    assert (route.kind, route.path, route.template) == ("websocket", "/ws/chat", "/ws/chat")
    assert route.handler is echo
    assert route.framework == "starlette"
    assert route.reads is None
    assert not route.auto_accept


class Endpoint(WebSocketEndpoint):
    encoding = "json"

    async def on_receive(self, websocket: WebSocket, data: Any) -> None: ...


class Texts(Endpoint):
    encoding = "text"

    async def on_connect(self, websocket: WebSocket) -> None: ...


class Anything(Endpoint):
    encoding = None


class OwnLoop(Endpoint):
    async def dispatch(self) -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "reads", "auto_accept"),
    [
        (Endpoint, {"json"}, True),
        (Texts, {"text"}, False),
        (Anything, {"text", "bytes"}, True),
        (OwnLoop, None, True),
    ],
)
def test_a_websocket_endpoint_declares_what_it_reads(
    endpoint: Any, reads: set[str] | None, auto_accept: bool
) -> None:
    route = only(Starlette(routes=[WebSocketRoute("/ws", endpoint)]))
    assert route.handler is endpoint
    assert route.reads == reads
    assert route.auto_accept == auto_accept


def test_an_http_endpoint_is_listed_by_its_methods() -> None:
    class Things(HTTPEndpoint):
        async def post(self, request: Any) -> PlainTextResponse: ...

        async def get(self, request: Any) -> PlainTextResponse: ...

    routes = discover(Starlette(routes=[Route("/things", Things)])).routes
    assert [(route.method, route.handler) for route in routes] == [
        ("GET", Things.get),
        ("POST", Things.post),
    ]


def test_an_asgi_callable_as_endpoint_answers_any_method() -> None:
    class Raw:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    routes = discover(Starlette(routes=[Route("/raw", Raw())])).routes
    assert [route.id for route in routes] == [
        "GET /raw",
        "POST /raw",
        "PUT /raw",
        "PATCH /raw",
        "DELETE /raw",
    ]
    assert {route.handler for route in routes} == {Raw}


def test_partials_methods_and_decorated_endpoints_are_unwrapped() -> None:
    class Chat:
        async def talk(self, websocket: WebSocket, greeting: str = "") -> None: ...

    def logged(function: Any) -> Any:
        @functools.wraps(function)
        async def wrapper(websocket: WebSocket) -> None: ...

        return wrapper

    app = Starlette(
        routes=[
            WebSocketRoute("/method", Chat().talk),
            WebSocketRoute("/partial", functools.partial(Chat().talk, greeting="hi")),
            WebSocketRoute("/decorated", logged(echo)),
        ]
    )
    method, partial, decorated = discover(app).routes
    assert method.handler is partial.handler is Chat.talk
    assert decorated.handler is echo
    assert [function.__name__ for function in decorated.dependencies] == ["echo"]
    assert decorated.dependencies[0] is not echo


def parameter(path: str) -> Parameter:
    (found,) = only(Starlette(routes=[WebSocketRoute(path, echo)])).parameters
    return found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/{a}", Parameter("a", "path", str)),
        ("/{a:str}", Parameter("a", "path", str)),
        ("/{a:int}", Parameter("a", "path", Annotated[int, Ge(0)], pattern="[0-9]+")),
        (
            "/{a:float}",
            Parameter("a", "path", Annotated[float, Ge(0)], pattern=r"[0-9]+(\.[0-9]+)?"),
        ),
        ("/{a:uuid}", Parameter("a", "path", UUID)),
        ("/{a:path}", Parameter("a", "path", str, multi_segment=True)),
    ],
)
def test_a_placeholder_has_the_type_of_its_converter(path: str, expected: Parameter) -> None:
    assert parameter(path) == expected


class HexConvertor(Convertor[int]):
    regex = "[0-9a-f]{4}"

    def convert(self, value: str) -> int:
        return int(value, 16)

    def to_string(self, value: int) -> str:
        return f"{value:04x}"


register_url_convertor("hex4", HexConvertor())


def test_a_converter_of_the_users_own_gives_its_pattern() -> None:
    assert parameter("/{a:hex4}") == Parameter("a", "path", int, pattern="[0-9a-f]{4}")


def every_way() -> Starlette:
    inner = Starlette(routes=[WebSocketRoute("/chat/{room:int}", echo), Route("/", page)])
    return Starlette(
        routes=[
            WebSocketRoute("/plain/{name}/{n:int}/{f:float}/{u:uuid}", echo),
            WebSocketRoute("/rest/{rest:path}", echo),
            Mount("/app", app=inner),
            Mount("/router", app=Router([WebSocketRoute("/{room}", echo)])),
            Mount("/wrapped", app=CORSMiddleware(GZipMiddleware(inner), allow_origins=["*"])),
            Mount(
                "/layered",
                routes=[WebSocketRoute("/w", echo)],
                middleware=[Middleware(GZipMiddleware)],
            ),
            Mount(
                "/deep/{tenant}",
                routes=[Mount("/{room:int}", routes=[WebSocketRoute("/{room}", echo)])],
            ),
            Mount("/one", app=WebSocketRoute("/route", echo)),
            Host("api.example.org", app=Router([WebSocketRoute("/plain", echo)])),
            Host("{sub}.example.org:8000", app=Router([Route("/plain", page)])),
            Mount("", routes=[WebSocketRoute("/unprefixed", echo)]),
        ],
        middleware=[Middleware(CORSMiddleware, allow_origins=["*"])],
    )


def test_every_way_to_nest_is_found() -> None:
    assert ids(every_way()) == [
        "/plain/{name}/{n:int}/{f:float}/{u:uuid}",
        "/rest/{rest:path}",
        "/app/chat/{room:int}",
        "GET /app/",
        "/router/{room}",
        "/wrapped/chat/{room:int}",
        "GET /wrapped/",
        "/layered/w",
        "/deep/{tenant}/{room:int}/{room}",
        "/one/route",
        "/plain @api.example.org",
        "GET /plain @sub.example.org",
        "/unprefixed",
    ]


WORDS = {"websocket": "echo", "http": "page"}


def test_every_route_answers_at_its_path() -> None:
    app = every_way()
    for route in discover(app).routes:
        said = texts(speak(app, route))
        assert [text[:4] for text in said] == [WORDS[route.kind]], route.id


def test_an_inner_placeholder_leaves_the_outer_one_of_its_name_apart() -> None:
    app = every_way()
    route = next(route for route in discover(app).routes if "/deep" in route.path)
    assert route.template == "/deep/{tenant}/{outer_room}/{room}"
    assert [parameter.name for parameter in route.parameters] == ["tenant", "outer_room", "room"]
    sent = speak(app, route, tenant="t", outer_room="5", room="r")
    assert texts(sent) == ["echo {'tenant': 't', 'room': 'r'}"]


def test_of_two_routes_at_one_path_the_first_is_kept_as_only_it_can_be_reached() -> None:
    async def second(websocket: WebSocket) -> None: ...

    app = Starlette(
        routes=[
            WebSocketRoute("/ws/{name}", echo),
            WebSocketRoute("/ws/{name}", second),
            WebSocketRoute("/ws/{other}", second),
            Route("/ws/{name}", page),
        ]
    )
    routes = discover(app).routes
    assert [(route.id, route.handler) for route in routes] == [
        ("/ws/{name}", echo),
        ("GET /ws/{name}", page),
    ]


def test_an_application_mounted_below_itself_ends() -> None:
    app = Starlette(routes=[WebSocketRoute("/ws", echo)])
    app.mount("/again", app)
    assert ids(app) == ["/ws"]


def test_the_fallback_of_a_router_is_looked_at() -> None:
    fallback = Starlette(routes=[WebSocketRoute("/late", echo)])
    assert ids(Router([WebSocketRoute("/early", echo)], default=fallback)) == ["/early", "/late"]


def test_what_cannot_be_discovered_is_named(tmp_path: Any) -> None:
    async def raw(scope: Any, receive: Any, send: Any) -> None: ...

    class Odd(BaseRoute):
        pass

    app = Starlette(
        routes=[
            Mount("/static", StaticFiles(directory=tmp_path)),
            Mount("/raw", raw),
            Odd(),
            Mount("/sub", CORSMiddleware(Starlette(routes=[Route("/", page)]))),
        ]
    )
    assert discover(app).looked_at == (
        "the Starlette object: 1 HTTP route, no WebSocket routes",
        "/raw: the function test_what_cannot_be_discovered_is_named.<locals>.raw, "
        "whose routes cannot be discovered",
        "/: a Odd, whose routes cannot be discovered",
        "/sub: the Starlette object (inside the CORSMiddleware object): "
        "1 HTTP route, no WebSocket routes",
    )
