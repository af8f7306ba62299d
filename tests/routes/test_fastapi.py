"""Discovery in FastAPI: routers in every order of inclusion, and what each route declares."""

# FastAPI reads annotations when a route is declared: they are no comments here.

from enum import Enum
from typing import Annotated, Any, Optional

import pytest
from annotated_types import Ge, MinLen
from fastapi import (
    APIRouter,
    Body,
    Cookie,
    Depends,
    FastAPI,
    Form,
    Header,
    Path,
    Query,
    Response,
    Security,
    UploadFile,
    WebSocket,
)
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, APIKeyHeader, APIKeyQuery, HTTPBearer
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.routing import Host, Mount, WebSocketRoute

from pytest_routes.routes import Parameter, Route, discover
from pytest_routes.routes.model import MISSING

from .speaking import speak, texts

DOCUMENTATION = {"/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"}


def routes_of(app: Any) -> list[Route]:
    found = discover(app).routes
    return [route for route in found if not route.path.endswith(tuple(DOCUMENTATION))]


def only(app: Any) -> Route:
    (route,) = routes_of(app)
    return route


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(f"echo {websocket.url.path}")


def router(prefix: str = "") -> APIRouter:
    made = APIRouter(prefix=prefix)
    made.add_api_websocket_route("/ws/{room}", echo)
    return made


def included_in_every_way() -> FastAPI:
    app = FastAPI()
    app.add_api_websocket_route("/first", echo)
    middle = APIRouter(prefix="/middle")
    middle.include_router(router("/inner"), prefix="/between")
    app.include_router(middle, prefix="/api")
    app.include_router(router())
    app.include_router(router("/again"))
    app.include_router(router("/again"), prefix="/twice")
    late = APIRouter(prefix="/late")
    app.include_router(late)
    late.add_api_websocket_route("/added-after-inclusion", echo)
    sub = FastAPI()
    sub.include_router(router("/r"))
    app.mount("/sub/{tenant}", sub)
    app.mount("/bare", router("/r"))
    carrier = APIRouter()
    carrier.mount("/mounted", Starlette(routes=[WebSocketRoute("/ws", echo)]))
    carrier.routes.append(WebSocketRoute("/starlette", echo))
    carrier.routes.append(
        Host("api.example.org", app=Starlette(routes=[WebSocketRoute("/h", echo)]))
    )
    app.include_router(carrier, prefix="/carrier")
    app.add_api_websocket_route("/last", echo)
    return app


IS_LAZY = hasattr(__import__("fastapi").routing, "_IncludedRouter")


@pytest.mark.skipif(not IS_LAZY, reason="include_router copies routes before FastAPI 0.137")
def test_every_way_to_include_a_router_is_found_in_order() -> None:
    assert [route.id for route in routes_of(included_in_every_way())] == [
        "/first",
        "/api/middle/between/inner/ws/{room}",
        "/ws/{room}",
        "/again/ws/{room}",
        "/twice/again/ws/{room}",
        "/late/added-after-inclusion",
        "/sub/{tenant}/r/ws/{room}",
        "/bare/r/ws/{room}",
        "/carrier/mounted/ws",
        "/carrier/starlette",
        "/carrier/h @api.example.org",
        "/last",
    ]


def test_every_route_answers_at_its_path() -> None:
    app = included_in_every_way()
    for route in routes_of(app):
        said = texts(speak(app, route))
        assert [text[:4] for text in said] == ["echo"], route.id


def test_a_fastapi_in_starlette_is_found_below_its_mount() -> None:
    inner = FastAPI()
    inner.include_router(router("/chat"))
    route = only(Starlette(routes=[Mount("/api", inner)]))
    assert route.id == "/api/chat/ws/{room}"
    assert route.framework == "fastapi"
    assert route.handler is echo


def test_the_documentation_is_listed_for_the_globs_to_exclude() -> None:
    assert {route.path for route in discover(FastAPI()).routes} == DOCUMENTATION


class Colour(Enum):
    RED = "red"


def by_name(route: Route) -> dict[str, Parameter]:
    return {parameter.name: parameter for parameter in route.parameters}


def test_parameters_of_every_kind_have_their_declared_types_and_wire_names() -> None:
    app = FastAPI()

    @app.websocket("/ws/{room}/{n:int}/{rest:path}")
    async def ws(
        websocket: WebSocket,
        room: Annotated[str, Path(min_length=3)],
        n: int,
        rest: str,
        colour: Colour,
        limit: Annotated[int, Query(ge=1)] = 10,
        tags: Annotated[list[str], Query(alias="t")] = [],  # noqa: B006
        user_agent: Annotated[Optional[str], Header()] = None,  # noqa: UP045
        x_plain: Annotated[str, Header(convert_underscores=False)] = "",
        session: Annotated[str, Cookie(alias="sid")] = "none",
        style: int = Query(),
    ) -> None: ...

    assert only(app).parameters == (
        Parameter("room", "path", Annotated[str, MinLen(3)]),
        Parameter("n", "path", int, pattern="[0-9]+"),
        Parameter("rest", "path", str, multi_segment=True),
        Parameter("colour", "query", Colour),
        Parameter("limit", "query", Annotated[int, Ge(1)], required=False, default=10),
        Parameter("t", "query", list[str], required=False, default=[]),
        Parameter("style", "query", int),
        Parameter("user-agent", "header", Optional[str], required=False, default=None),  # noqa: UP045
        Parameter("x_plain", "header", str, required=False, default=""),
        Parameter("sid", "cookie", str, required=False, default="none"),
    )


class Filters(BaseModel):
    page_size: int = Field(10, ge=1)
    order: str = Field(alias="orderBy")


class Trace(BaseModel):
    x_trace_id: str
    x_flag: bool = Field(False, alias="X_FLAG")


def test_a_model_of_parameters_stands_for_its_fields() -> None:
    app = FastAPI()

    @app.get("/items")
    async def items(
        filters: Annotated[Filters, Query()], trace: Annotated[Trace, Header()]
    ) -> None: ...

    assert only(app).parameters == (
        Parameter("page_size", "query", Annotated[int, Ge(1)], required=False, default=10),
        Parameter("orderBy", "query", str),
        Parameter("x-trace-id", "header", str),
        Parameter("X_FLAG", "header", bool, required=False, default=False),
    )


async def innermost(token: Annotated[str, Header(alias="X-Token")]) -> str:
    return token


async def nested(limit: int, inner: Annotated[str, Depends(innermost)]) -> int:
    return limit + len(inner)


class Paging:
    def __init__(self, offset: int = 0, limit: int = 5) -> None: ...


def test_dependencies_are_followed_and_each_parameter_is_listed_once() -> None:
    app = FastAPI(dependencies=[Depends(innermost)])
    deep = APIRouter(dependencies=[Depends(nested)])

    @deep.websocket("/ws")
    async def ws(websocket: WebSocket, paging: Annotated[Paging, Depends()]) -> None: ...

    app.include_router(deep)
    route = only(app)
    assert {name: each.required for name, each in by_name(route).items()} == {
        "X-Token": True,
        "limit": True,
        "offset": False,
    }
    assert set(route.dependencies) == {innermost, nested, Paging}


def test_an_overridden_dependency_is_replaced_by_what_overrides_it() -> None:
    app = FastAPI()

    async def pretended(name: str = "me") -> str:
        return name

    @app.websocket("/ws")
    async def ws(websocket: WebSocket, user: Annotated[str, Depends(innermost)]) -> None: ...

    app.dependency_overrides[innermost] = pretended
    route = only(app)
    assert route.parameters == (Parameter("name", "query", str, required=False, default="me"),)
    assert route.dependencies == (pretended,)


def test_api_keys_are_parameters_where_their_scheme_says() -> None:
    app = FastAPI(dependencies=[Security(APIKeyHeader(name="X-Key"))])

    @app.websocket("/ws")
    async def ws(
        websocket: WebSocket,
        key: Annotated[str, Security(APIKeyQuery(name="key"))],
        sid: Annotated[str, Security(APIKeyCookie(name="sid", auto_error=False))],
    ) -> None: ...

    @app.get("/http", dependencies=[Depends(HTTPBearer())])
    async def http() -> None: ...

    ws_route, http_route = routes_of(app)
    expected = (
        Parameter("X-Key", "header"),
        Parameter("key", "query"),
        Parameter("sid", "cookie", required=False),
    )
    assert ws_route.parameters == expected
    assert http_route.parameters == expected[:1]
    assert ws_route.dependencies == ()


class Item(BaseModel):
    name: str


def test_bodies_have_their_type_and_media_type() -> None:
    app = FastAPI()

    @app.post("/one")
    async def one(item: Item) -> None: ...

    @app.post("/optional")
    async def optional(item: Optional[Item] = None) -> None: ...  # noqa: UP045

    @app.post("/two")
    async def two(item: Item, count: Annotated[int, Body(ge=1)]) -> None: ...

    @app.post("/form")
    async def form(name: Annotated[str, Form()], note: Annotated[str, Form()] = "") -> None: ...

    @app.post("/file")
    async def file(upload: UploadFile) -> None: ...

    @app.post("/bytes")
    async def octets(
        data: Annotated[bytes, Body(media_type="application/octet-stream")],
    ) -> None: ...

    @app.get("/none")
    async def none() -> None: ...

    bodies = {route.path: route.body for route in routes_of(app)}
    described = {path: body and (body.media_type, body.required) for path, body in bodies.items()}
    assert described == {
        "/one": ("application/json", True),
        "/optional": ("application/json", False),
        "/two": ("application/json", True),
        "/form": ("application/x-www-form-urlencoded", True),
        "/file": ("multipart/form-data", True),
        "/bytes": ("application/octet-stream", True),
        "/none": None,
    }
    item_body, two_bodies, form_body = (bodies[path] for path in ("/one", "/two", "/form"))
    assert item_body is not None
    assert item_body.annotation is Item
    assert two_bodies is not None
    assert set(two_bodies.annotation.model_fields) == {"item", "count"}
    assert form_body is not None
    assert set(form_body.annotation.model_fields) == {"name", "note"}


def test_an_answer_has_a_type_where_fastapi_writes_it_as_declared() -> None:
    app = FastAPI()

    @app.get("/annotated")
    async def annotated() -> list[Item]: ...

    @app.get("/model", response_model=Item)
    async def model() -> Any: ...

    @app.get("/pruned", response_model_exclude_unset=True)
    async def pruned() -> Item: ...

    @app.get("/html", response_class=HTMLResponse)
    async def html() -> str: ...

    class Plain(JSONResponse):
        media_type = "application/vnd.items+json"

    class Envelope(JSONResponse):
        def render(self, content: Any) -> bytes:
            return super().render({"data": content})

    class Wrapping(APIRoute):
        def get_route_handler(self) -> Any: ...

    @app.get("/plain", response_class=Plain)
    async def plain() -> Item: ...

    @app.get("/envelope", response_class=Envelope)
    async def envelope() -> Item: ...

    wrapping = APIRouter(route_class=Wrapping)

    @wrapping.get("/wrapping")
    async def wrapped() -> Item: ...

    app.include_router(wrapping)

    @app.get("/response")
    async def response() -> Response: ...

    @app.get("/nothing")
    async def nothing(): ...

    assert {route.path: route.answer for route in routes_of(app)} == {
        "/annotated": list[Item],
        "/model": Item,
        "/pruned": MISSING,
        "/html": MISSING,
        "/plain": Item,
        "/envelope": MISSING,
        "/wrapping": MISSING,
        "/response": MISSING,
        "/nothing": MISSING,
    }


def test_a_route_of_several_methods_is_one_route_for_each() -> None:
    app = FastAPI()

    @app.api_route("/both", methods=["PUT", "GET"])
    async def both() -> None: ...

    assert [route.id for route in routes_of(app)] == ["GET /both", "PUT /both"]
