"""Discovery in Litestar: handlers, controllers, listeners, streams, mounts, declared types."""

# ruff: noqa: ARG002 (a handler declares parameters for what they declare)

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, TypedDict
from uuid import UUID

import msgspec
import pytest
from litestar import (
    Controller,
    Litestar,
    MediaType,
    Response,
    Router,
    WebSocket,
    asgi,
    get,
    head,
    post,
    route,
    websocket,
    websocket_listener,
)
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.dto import DataclassDTO, DTOConfig
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler, WebsocketListener
from litestar.params import Body, Dependency
from litestar.params import Parameter as LitestarParameter
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute

from pytest_routes.routes import Parameter, Route, discover, observe
from pytest_routes.routes.model import MISSING

from .speaking import speak, texts

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def app_of(*handlers: Any, **options: Any) -> Litestar:
    return Litestar([*handlers], openapi_config=None, **options)


def ids(app: Any) -> list[str]:
    return [found.id for found in discover(app).routes]


def only(app: Any) -> Route:
    (found,) = discover(app).routes
    return found


async def said(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(f"echo {socket.path_params}")


@websocket("/plain/{n:int}/{u:uuid}/{name:str}/{f:float}")
async def plain(socket: WebSocket, n: int, u: UUID, name: str, f: float) -> None:
    await said(socket)


@websocket("/rest/{rest:path}")
async def rest_of_the_path(socket: WebSocket, rest: Path) -> None:
    await said(socket)


class Site(Controller):
    path = "/site/{tenant:str}"

    @websocket("/z")
    async def zulu(self, socket: WebSocket, tenant: str) -> None:
        await said(socket)

    @websocket("/a")
    async def alpha(self, socket: WebSocket) -> None:
        await said(socket)

    @get("/page")
    async def page(self) -> str:
        return "page"


def in_every_way() -> Litestar:
    inner = Starlette(routes=[WebSocketRoute("/ws/{room:int}/", starlette_echo)])
    return app_of(
        plain,
        rest_of_the_path,
        Router("/outer", route_handlers=[Router("/inner", route_handlers=[Site, plain])]),
        Site,
        asgi("/mounted", is_mount=True, copy_scope=True)(inner),
        asgi("/again", is_mount=True, copy_scope=True)(app_of(Site)),
        path="/base",
    )


async def starlette_echo(websocket: Any) -> None:
    await websocket.accept()
    await websocket.send_text("echo")


def test_every_way_to_register_is_found() -> None:
    assert ids(in_every_way()) == [
        "/base/plain/{n:int}/{u:uuid}/{name:str}/{f:float}",
        "/base/rest/{rest:path}",
        "/base/outer/inner/site/{tenant:str}/z",
        "/base/outer/inner/site/{tenant:str}/a",
        "GET /base/outer/inner/site/{tenant:str}/page",
        "/base/outer/inner/plain/{n:int}/{u:uuid}/{name:str}/{f:float}",
        "/base/site/{tenant:str}/z",
        "/base/site/{tenant:str}/a",
        "GET /base/site/{tenant:str}/page",
        "/base/mounted/ws/{room:int}/",
        "/base/again/site/{tenant:str}/z",
        "/base/again/site/{tenant:str}/a",
        "GET /base/again/site/{tenant:str}/page",
    ]


def test_every_route_answers_at_its_path() -> None:
    app = in_every_way()
    for found in discover(app).routes:
        assert [text[:4] for text in texts(speak(app, found))] in (["echo"], ["page"]), found.id


def test_a_litestar_in_starlette_is_found_below_its_mount() -> None:
    app = Starlette(routes=[Mount("/lite", app_of(Site))])
    assert ids(app) == [
        "/lite/site/{tenant:str}/z",
        "/lite/site/{tenant:str}/a",
        "GET /lite/site/{tenant:str}/page",
    ]
    for found in discover(app).routes:
        assert texts(speak(app, found)), found.id


def test_handlers_are_the_functions_that_the_user_wrote() -> None:
    routes = discover(app_of(plain, Site)).routes
    assert routes[0].handler is plain.fn
    assert routes[1].handler is Site.zulu.fn
    assert {found.framework for found in routes} == {"litestar"}


def test_methods_that_litestar_adds_are_left_out() -> None:
    @get("/both")
    async def read() -> str: ...

    @route("/many", http_method=["PUT", "DELETE", "GET"], status_code=200)
    async def many() -> str: ...

    @head("/alone")
    async def alone() -> None: ...

    @post("/both")
    async def write() -> str: ...

    assert ids(app_of(read, many, alone, write)) == [
        "GET /both",
        "POST /both",
        "GET /many",
        "PUT /many",
        "DELETE /many",
        "HEAD /alone",
    ]


ORDER = """
from litestar import Controller, Litestar, get, post, route, websocket
from pytest_routes.routes import discover

@get(["/d", "/b", "/c", "/a"])
async def many_paths() -> None: ...

@route("/r", http_method=["PUT", "DELETE", "GET"], status_code=200)
async def many_methods() -> None: ...

class Site(Controller):
    @post(["/y", "/x"])
    async def zulu(self) -> None: ...
    @get("/w")
    async def alpha(self) -> None: ...

print([route.id for route in discover(Litestar([many_paths, many_methods, Site])).routes])
"""


def test_the_order_is_the_same_for_every_hash_seed() -> None:
    def run(seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-W", "ignore", "-c", ORDER]
        return subprocess.check_output(command, env=environment, text=True)

    outputs = {run(seed) for seed in "0123"}
    assert len(outputs) == 1
    expected = "GET /a,GET /b,GET /c,GET /d,GET /r,PUT /r,DELETE /r,POST /x,POST /y,GET /w"
    assert outputs.pop().startswith(str(expected.split(","))[:-1])


def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    if not connection.headers:
        raise NotAuthorizedException


def test_parameters_are_those_of_handler_layers_and_dependencies() -> None:
    async def session(sid: Annotated[str, LitestarParameter(cookie="sid")], depth: int = 3) -> str:
        return sid * depth

    async def user(session: str, x_user: Annotated[str, LitestarParameter(header="X-User")]) -> str:
        return session + x_user

    @websocket("/{n:int}/{rest:path}", dependencies={"user": Provide(user)})
    async def handler(
        socket: WebSocket,
        n: Annotated[int, LitestarParameter(gt=3)],
        rest: Path,
        user: str,
        limit: Annotated[int, LitestarParameter(query="lim", ge=1, le=9)] = 5,
        maybe: Optional[str] = None,  # noqa: UP045
        kind: Literal["a", "b"] = "a",
        ghost: Annotated[str, Dependency(skip_validation=True)] = "",
    ) -> None: ...

    layer = Router(
        "/layer",
        route_handlers=[handler],
        parameters={"api": LitestarParameter(str, header="X-Api", required=True)},
        dependencies={"session": Provide(session)},
        guards=[guard],
    )
    found = only(app_of(layer))
    assert found.parameters == (
        Parameter("n", "path", Annotated[int, msgspec.Meta(gt=3)]),
        Parameter("rest", "path", str, multi_segment=True),
        Parameter(
            "lim", "query", Annotated[int, msgspec.Meta(ge=1, le=9)], required=False, default=5
        ),
        Parameter("maybe", "query", Optional[str], required=False, default=None),  # noqa: UP045
        Parameter("kind", "query", Literal["a", "b"], required=False, default="a"),
        Parameter("X-User", "header", str),
        Parameter("sid", "cookie", str),
        Parameter("depth", "query", int, required=False, default=3),
        Parameter("X-Api", "header", str),
    )
    assert found.dependencies == (guard, user, session)


@dataclass
class Item:
    name: str
    secret: str = ""


class Mapping(TypedDict):
    name: str


class ItemDTO(DataclassDTO[Item]):
    config = DTOConfig(exclude={"secret"}, rename_strategy="upper")


def listening(annotation: Any, **options: Any) -> Route:
    async def listener(data: Any) -> None: ...

    listener.__annotations__["data"] = annotation
    return only(app_of(websocket_listener("/l", **options)(listener)))


@pytest.mark.parametrize(
    ("annotation", "options", "message", "reads"),
    [
        (str, {}, str, {"text"}),
        (bytes, {"receive_mode": "binary"}, bytes, {"bytes"}),
        (str, {"receive_mode": "binary"}, str, {"bytes"}),
        (dict[str, Any], {}, dict[str, Any], {"json"}),
        (list[int], {}, list[int], {"json"}),
        (Mapping, {}, Mapping, {"json"}),
        (Item, {}, MISSING, {"json"}),  # the handler gets a dict, whatever is in it
        (Any, {}, MISSING, {"json"}),
    ],
)
def test_a_listener_has_the_type_of_message_that_it_really_gets(
    annotation: Any, options: dict[str, Any], message: Any, reads: set[str]
) -> None:
    found = listening(annotation, **options)
    assert found.message == message
    assert found.reads == reads
    assert found.auto_accept


def test_a_dto_gives_the_type_that_it_reads_and_writes() -> None:
    @websocket_listener("/l", dto=ItemDTO)
    async def listener(data: Item) -> Item:
        return data

    app = app_of(listener)
    found = only(app)
    assert msgspec.json.decode(b'{"NAME": "n"}', type=found.message)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"name": "n"}', type=found.message)
    assert texts(speak(app, found, '{"NAME": "n"}')) == ['{"NAME":"n"}']
    assert msgspec.json.decode(b'{"NAME": "n"}', type=found.answer)


def test_a_listener_class_is_its_own_handler_and_its_hooks_run_around_it() -> None:
    class Chat(WebsocketListener):
        path = "/chat"

        async def on_accept(self, socket: WebSocket) -> None: ...

        async def on_receive(self, data: dict[str, str]) -> dict[str, str]:
            return data

    found = only(app_of(Chat))
    assert found.handler is Chat
    assert found.dependencies == (Chat.on_accept,)
    assert (found.message, found.answer) == (dict[str, str], dict[str, str])
    assert found.parameters == ()


def test_a_listener_that_accepts_in_its_own_lifespan_does_not_accept_by_itself() -> None:
    @asynccontextmanager
    async def lifespan(socket: WebSocket) -> AsyncGenerator[None, None]:
        await socket.accept()
        yield

    found = listening(str, connection_lifespan=lifespan)
    assert not found.auto_accept
    assert found.dependencies == (lifespan.__wrapped__,)  # type: ignore[attr-defined]


def test_a_synchronous_listener_shows_its_own_function() -> None:
    def shout(data: str) -> str:
        return data.upper()

    found = only(app_of(websocket_listener("/l")(shout)))
    assert found.handler is shout
    assert found.answer is str


def test_a_stream_reads_nothing_and_says_what_it_sends() -> None:
    stream = pytest.importorskip("litestar.handlers").__dict__.get("websocket_stream")
    if stream is None:
        pytest.skip("websocket_stream came with Litestar 2.14")

    async def ticks() -> AsyncGenerator[Item, None]:
        yield Item("tick")

    found = only(app_of(stream("/ticks")(ticks)))
    assert (found.handler, found.answer, found.reads) == (ticks, Item, frozenset())
    assert found.auto_accept


def test_bodies_have_their_type_and_media_type() -> None:
    @post("/json")
    async def json(data: Item) -> None: ...

    @post("/dto", dto=ItemDTO, return_dto=None)
    async def dto(data: Item) -> None: ...

    @post("/form")
    async def form(
        data: Annotated[Item, Body(media_type=RequestEncodingType.URL_ENCODED)],
    ) -> None: ...

    @post("/optional")
    async def optional(data: Optional[Item] = None) -> None: ...  # noqa: UP045

    @post("/raw")
    async def raw(body: bytes) -> None: ...

    @get("/none")
    async def none() -> None: ...

    routes = discover(app_of(json, dto, form, optional, raw, none)).routes
    bodies = {found.path: found.body for found in routes}
    assert {path: each and (each.media_type, each.required) for path, each in bodies.items()} == {
        "/json": ("application/json", True),
        "/dto": ("application/json", True),
        "/form": ("application/x-www-form-urlencoded", True),
        "/optional": ("application/json", False),
        "/raw": ("application/octet-stream", False),
        "/none": None,
    }
    assert bodies["/json"] is not None
    assert bodies["/json"].annotation is Item
    assert bodies["/dto"] is not None
    assert msgspec.convert({"NAME": "n"}, bodies["/dto"].annotation)


def test_an_answer_has_a_type_where_json_is_sent() -> None:
    @get("/item")
    async def item() -> list[Item]: ...

    @get("/response")
    async def response() -> Response[Item]: ...

    @get("/text")
    async def text() -> str: ...

    @get("/html", media_type=MediaType.HTML)
    async def html() -> str: ...

    @get("/nothing", status_code=204)
    async def nothing() -> None: ...

    routes = discover(app_of(item, response, text, html, nothing)).routes
    assert {found.path: found.answer for found in routes} == {
        "/item": list[Item],
        "/response": Item,
        "/text": MISSING,
        "/html": MISSING,
        "/nothing": MISSING,
    }


class Boom(Exception):
    pass


@websocket("/handler")
async def raising(socket: WebSocket) -> None:
    await socket.accept()
    raise Boom


@websocket_listener("/listener")
async def raising_listener(data: str) -> str:
    raise Boom


@get("/http")
async def raising_http() -> str:
    raise Boom


@pytest.mark.parametrize(
    "app",
    [
        lambda inner: inner,
        lambda inner: app_of(asgi("/sub", is_mount=True, copy_scope=True)(inner)),
        lambda inner: Starlette(routes=[Mount("/sub", inner)]),
    ],
    ids=["alone", "in Litestar", "in Starlette"],
)
def test_an_observer_is_told_what_litestar_hides(app: Any) -> None:
    whole = app(app_of(raising, raising_listener, raising_http, logging_config=None))
    told: list[tuple[type, str]] = []
    undo = observe(whole, lambda error, scope: told.append((type(error), scope["type"])))
    for found in discover(whole).routes:
        speak(whole, found, "hello")
    assert told == [(Boom, "websocket"), (Boom, "websocket"), (Boom, "http")]
    undo()
    speak(whole, discover(whole).routes[0], "hello")
    assert len(told) == 3


def test_routes_registered_while_the_application_starts_are_found_afterwards() -> None:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None, None]:
        app.register(raising)
        yield

    app = app_of(lifespan=[lifespan])
    assert ids(app) == []

    async def start() -> None:
        async with app.lifespan():
            assert ids(app) == ["/handler"]

    asyncio.run(start())


def test_parameters_marked_by_their_place_have_the_same_names_on_the_wire() -> None:
    params = pytest.importorskip("litestar.params")
    if not hasattr(params, "FromHeader"):
        pytest.skip("markers for the place of a parameter came with a later Litestar")
    header, query = params.FromHeader, params.QueryParameter

    async def handler(socket: Any, x_token: Any, limit: Any) -> None: ...

    handler.__annotations__ |= {
        "socket": WebSocket,
        "x_token": header[str],
        "limit": Annotated[int, query(name="lim", ge=1)],
    }
    assert only(app_of(websocket("/ws")(handler))).parameters == (
        Parameter("x_token", "header", str),
        Parameter("lim", "query", Annotated[int, msgspec.Meta(ge=1)]),
    )
