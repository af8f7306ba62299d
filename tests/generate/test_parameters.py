"""What a client asks for reaches the route, in every framework."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import fastapi
import pytest
from annotated_types import Ge, Le
from litestar import Litestar, get
from litestar.params import Parameter as LitestarParameter
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as StarletteRoute

from pytest_routes.config.values import Range
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.nasty import STRINGS
from pytest_routes.generate.parameters import Target, target_maker
from pytest_routes.generate.schema import UnsatisfiableSchema
from pytest_routes.generate.schema.enumeration import Simplest
from pytest_routes.http.engine import HttpEngine
from pytest_routes.routes import discover
from pytest_routes.routes.model import Parameter, Route
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Request, Responded


class Colour(str, enum.Enum):  # noqa: UP042
    RED = "red"
    GREEN = "green"


def _route(*parameters: Parameter, path: str = "/ws", framework: str = "fastapi") -> Route:
    return Route(kind="websocket", path=path, parameters=parameters, framework=framework)


def _targets(route: Route, count: int = 300, **options: Any) -> list[Target]:
    make = target_maker(route, **options)
    return [make(RandomChoices(seed)) for seed in range(count)]


def _path(name: str, annotation: Any = str, **more: Any) -> Parameter:
    return Parameter(name, "path", annotation, **more)


def _values_in_path(route: Route, **options: Any) -> list[str]:
    return [unquote(t.path).removeprefix("/ws/") for t in _targets(route, **options)]


def test_a_route_without_parameters_is_asked_for_as_it_is() -> None:
    assert set(_targets(_route(path="/ws/a b/é"), 3)) == {Target("/ws/a%20b/%C3%A9")}


def test_a_name_in_the_path_is_never_empty_and_is_one_segment() -> None:
    found = _values_in_path(_route(_path("room"), path="/ws/{room}"), count=3000)
    assert not {"", ".", ".."} & set(found)
    assert not any("/" in text for text in found)
    # Nasty names come, but most clients meet in few rooms.
    assert set(STRINGS) & set(found) > {"\x00", "😀", "%s%n", " "}
    assert Counter(found).most_common(1)[0][1] > 300
    assert target_maker(_route(_path("room"), path="/ws/{room}"))(Simplest()).path == "/ws/a"


def test_the_rest_of_a_path_has_several_segments() -> None:
    found = _values_in_path(_route(_path("p", multi_segment=True), path="/ws/{p:path}"))
    assert any(text.count("/") == 2 for text in found)
    for text in found:
        assert not set(text.rstrip("/").split("/")) & {"", ".", ".."}


@pytest.mark.parametrize(
    ("annotation", "pattern", "matches"),
    [
        (Annotated[int, Ge(0)], "[0-9]+", r"\d+"),
        (Annotated[float, Ge(0)], r"[0-9]+(\.[0-9]+)?", r"\d+(\.\d+)?"),
        (str, "[a-z]{3}-[0-9]{2}", r"[a-z]{3}-\d{2}"),
        (dt.date, "[0-9]{4}-[0-9]{2}-[0-9]{2}", r"\d{4}-\d\d-\d\d"),
        (bytes, "[A-F]{4}", "[A-F]{4}"),
    ],
    ids=["int", "float", "str", "date", "converter of its own"],
)
def test_a_value_in_the_path_matches_its_converter(
    annotation: Any, pattern: str, matches: str
) -> None:
    import re

    found = _values_in_path(_route(_path("x", annotation, pattern=pattern), path="/ws/{x:y}"))
    assert len(set(found)) > 5
    assert all(re.fullmatch(matches, text) for text in found)


def test_numbers_are_written_without_exponents() -> None:
    found = _values_in_path(_route(_path("x", float), path="/ws/{x:float}"), count=600)
    assert {"1" + "0" * 308, "0.0000001"} <= set(found)
    assert not any("e" in text for text in found)


def test_optional_parameters_come_and_go_and_required_ones_stay() -> None:
    route = _route(
        Parameter("needed", "query", int),
        *(Parameter(f"o{n}", "query", int, required=False) for n in range(7)),
    )
    subsets = {frozenset(name for name, _ in target.query) for target in _targets(route, 600)}
    assert all("needed" in subset for subset in subsets)
    assert frozenset({"needed"}) in subsets
    assert max(map(len, subsets)) == 8
    assert len(subsets) > 50


def test_a_list_in_the_query_is_the_parameter_several_times() -> None:
    route = _route(Parameter("id", "query", list[int]))
    counts = Counter(len(target.query) for target in _targets(route))
    assert counts[0] == 0  # the framework wants one at least
    assert counts[1]
    assert counts[2]
    assert {name for target in _targets(route) for name, _ in target.query} == {"id"}


def test_null_is_the_absence_of_a_parameter() -> None:
    route = _route(
        Parameter("a", "query", int | None), Parameter("b", "query", int | None, required=False)
    )
    texts = [text for target in _targets(route) for _, text in target.query]
    assert all(text.lstrip("-").isdigit() for text in texts)
    assert all(target.query[0][0] == "a" for target in _targets(route))


def test_headers_and_cookies_carry_only_what_they_can() -> None:
    route = _route(
        Parameter("x-name", "header"), Parameter("sid", "cookie"), Parameter("theme", "cookie")
    )
    values = set()
    for target in _targets(route, 2000):
        (_, name), (header, cookies) = target.headers
        assert header == "cookie"
        assert name == name.strip(" \t")
        assert not set(name) & {"\r", "\n", "\x00", "\x7f"}
        name.encode("latin-1")
        sid, theme = cookies.split("; ")
        assert sid.startswith("sid=")
        assert theme.startswith("theme=")
        assert not set(cookies.replace("; ", "")) & set(' ",;\\')
        values.add(name)
    assert {"", "é", "' OR '1'='1", "a" * 256} <= values


def test_headers_that_the_server_writes_are_left_to_it() -> None:
    route = _route(Parameter("Host", "header"), Parameter("content-length", "header", int))
    assert _targets(route, 1) == [Target("/ws")]


def test_configured_values_are_the_only_ones() -> None:
    route = _route(
        _path("room"),
        Parameter("page", "query", int, required=False),
        Parameter("X-Tenant", "header", required=False),
        Parameter("ratio", "query", float),
        path="/ws/{room}",
    )
    configured: Mapping[str, Any] = {
        "room": ("general", "a/b"),
        "page": Range(3, 5),
        "x-tenant": ("acme",),
        "ratio": Range(0.5, 1.5),
    }
    targets = _targets(route, configured=configured)
    assert {target.path for target in targets} == {"/ws/general", "/ws/a/b"}
    assert {dict(target.query)["page"] for target in targets} == {"3", "4", "5"}
    assert {target.headers for target in targets} == {(("X-Tenant", "acme"),)}
    ratios = {float(dict(target.query)["ratio"]) for target in targets}
    assert min(ratios) == 0.5
    assert max(ratios) == 1.5


def test_a_configured_name_that_is_not_declared_is_sent_where_nothing_is_declared() -> None:
    configured = {"token": ("abc",)}
    sent = {
        framework: _targets(_route(framework=framework), 1, configured=configured)[0].query
        for framework in ("starlette", "", "fastapi", "litestar")
    }
    token = (("token", "abc"),)
    assert sent == {"starlette": token, "": token, "fastapi": (), "litestar": ()}


def test_known_values_are_tried_where_they_fit() -> None:
    route = _route(
        _path("room"), Parameter("n", "query", int), path="/ws/{room}", framework="starlette"
    )
    targets = _targets(route, known={"room": ["lounge", "x/y", None], "n": [77]})
    rooms = Counter(target.path for target in targets)
    assert 180 < rooms["/ws/lounge"] < 270
    assert "/ws/x/y" not in rooms
    assert 180 < sum(target.query == (("n", "77"),) for target in targets) < 270
    asked = _targets(replace(route, kind="http"), known={"room": ["lounge"], "n": [77]})
    assert 90 < sum(target.path == "/ws/lounge" for target in asked) < 210


def test_a_parameter_without_a_value_is_named() -> None:
    route = _route(Parameter("n", "query", Annotated[int, Ge(5), Le(3)]))
    with pytest.raises(UnsatisfiableSchema) as caught:
        target_maker(route)
    assert str(caught.value) == (
        "/ws: the query parameter n can have no value: no integer is at least 5 and at most 3"
    )


def test_broken_targets_lack_a_parameter_or_have_one_of_another_type() -> None:
    route = _route(_path("id", int), Parameter("n", "query", int), path="/ws/{id}")
    right = _targets(route, 400)
    assert all(len(t.query) == 1 and t.query[0][1].lstrip("-").isdigit() for t in right)
    broken = _targets(route, 400, broken_one_in=2)
    ways = Counter(
        len(t.query) if len(t.query) != 1 else t.query[0][1].lstrip("-").isdigit() for t in broken
    )
    assert ways[0] > 10  # missing
    assert ways[2] > 10  # twice
    assert ways[False] > 60
    assert ways[True] > 150
    assert all(unquote(t.path)[4:].lstrip("-").isdigit() for t in broken)


# Against the frameworks themselves.


def _answers(app: Any, path: str, count: int = 150) -> Counter[int]:
    """The statuses that a framework answers to what its route is asked for."""
    server = Server()
    answers: Counter[int] = Counter()
    try:
        with server.on_duty():
            server.start(app, 10)
            route = next(r for r in discover(app).routes if r.path == path)
            make = target_maker(route)
            engine = HttpEngine(server, 30.0)
            for seed in range(count):
                target = make(RandomChoices(seed))
                asked = Request("GET", target.path, target.query, target.headers)
                responded = engine.run(asked).first(Responded)
                answers[responded.status if responded else 0] += 1
            server.stop(10)
    finally:
        server.close()
    return answers


class Filters(BaseModel):
    limit: int = Field(10, ge=1, le=50)
    order: Literal["asc", "desc"] = "asc"
    tags: list[str] = []


def test_fastapi_takes_what_its_parameters_are_given() -> None:
    app = fastapi.FastAPI()

    @app.get("/items/{number}/{ratio}/{key}/{day}/{colour}/{rest:path}")
    async def items(
        number: int,
        ratio: float,
        key: uuid.UUID,
        day: dt.date,
        colour: Colour,
        rest: str,
        ids: Annotated[list[int], fastapi.Query(min_length=1)],
        code: Annotated[str, fastapi.Query(pattern="^[A-Z]{3}$")],
        x_token: Annotated[str, fastapi.Header(min_length=3)],
        price: Annotated[Decimal, fastapi.Query(ge=0, max_digits=5)] = Decimal(1),
        since: dt.datetime | None = None,
        wait: dt.timedelta | None = None,
        flag: bool = False,
        session: Annotated[int | None, fastapi.Cookie()] = None,
    ) -> None: ...

    @app.get("/filtered")
    async def filtered(filters: Annotated[Filters, fastapi.Query()]) -> None: ...

    path = "/items/{number}/{ratio}/{key}/{day}/{colour}/{rest:path}"
    assert _answers(app, path) == {200: 150}
    assert _answers(app, "/filtered") == {200: 150}


def test_litestar_takes_what_its_parameters_are_given() -> None:
    path = "/p/{n:int}/{x:float}/{k:uuid}/{d:date}/{t:time}/{w:timedelta}/{c:decimal}/{s:str}"

    @get(f"{path}/{{rest:path}}")
    async def items(
        n: int,
        x: float,
        k: uuid.UUID,
        d: dt.date,
        t: dt.time,
        w: dt.timedelta,
        c: Decimal,
        s: str,
        rest: str,
        ids: list[int],
        size: int = LitestarParameter(ge=3, le=9),
        token: str = LitestarParameter(header="x-token", min_length=2),
        theme: int | None = LitestarParameter(cookie="theme", required=False),
        colour: Colour | None = None,
        flag: bool | None = None,
        since: dt.datetime | None = None,
    ) -> None: ...

    app = Litestar([items], openapi_config=None)
    assert _answers(app, f"{path}/{{rest:path}}") == {200: 150}


def test_starlette_converts_what_its_path_is_given() -> None:
    async def echo(request: HTTPConnection) -> Response:
        return JSONResponse({name: str(value) for name, value in request.path_params.items()})

    path = "/s/{i:int}/{f:float}/{u:uuid}/{name}/x/{rest:path}"
    app = Starlette(routes=[StarletteRoute(path, echo)])
    assert _answers(app, path) == {200: 150}


def test_a_known_value_that_the_declared_type_does_not_take_is_not_sent() -> None:
    size = Parameter(name="size", location="query", annotation=Annotated[int, Ge(3), Le(400)])
    tags = Parameter(name="tag", location="query", annotation=list[int])
    known = {"size": [0, 2, "three", 399], "tag": [77, "x"]}
    targets = _targets(_route(size, tags), known=known, count=600)
    sizes = {int(value) for target in targets for name, value in target.query if name == "size"}
    assert min(sizes) >= 3
    assert 399 in sizes
    told = {value for target in targets for name, value in target.query if name == "tag"}
    assert "77" in told
    assert "x" not in told
