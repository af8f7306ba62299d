"""Discovery in Quart: the URL map, blueprints, views, and what Quart hides."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from annotated_types import Ge, Le, MaxLen, MinLen

quart = pytest.importorskip("quart")

from quart.views import MethodView  # noqa: E402

from pytest_routes.routes import Parameter, discover, observe  # noqa: E402

from .speaking import speak, texts  # noqa: E402


def application() -> Any:
    app = quart.Quart("shop")
    blueprint = quart.Blueprint("live", "shop", url_prefix="/live/<tenant>")

    @app.websocket("/ws/<int:room>/<name>")
    async def talk(room: int, name: str) -> None:
        await quart.websocket.send(f"echo {room} {name}")

    @app.get("/page")
    async def page() -> str:
        return "page"

    @app.route("/many", methods=["DELETE", "GET", "OPTIONS"])
    async def many() -> str:
        return "page"

    @blueprint.before_websocket
    async def authenticate() -> None: ...

    @blueprint.websocket("/<path:rest>")
    async def live(tenant: str, rest: str) -> None:
        await quart.websocket.send(f"echo {tenant} {rest}")

    class Things(MethodView):
        async def get(self) -> str:
            return "page"

        async def post(self) -> str:
            return "page"

    app.add_url_rule("/things", view_func=Things.as_view("things"))
    app.register_blueprint(blueprint, url_prefix="/api/<tenant>")
    return app


def test_routes_are_those_of_the_url_map_without_static_files() -> None:
    assert [route.id for route in discover(application()).routes] == [
        "/ws/{room:int}/{name}",
        "GET /page",
        "GET /many",
        "DELETE /many",
        "OPTIONS /many",
        "GET /things",
        "POST /things",
        "/api/{tenant}/{rest:path}",
    ]


def test_every_route_answers_at_its_path() -> None:
    app = application()
    for route in discover(app).routes:
        if route.method != "OPTIONS":
            assert [text[:4] for text in texts(speak(app, route))] in (["echo"], ["page"]), route.id


def test_handlers_and_what_runs_before_them_can_be_read() -> None:
    routes = {route.path: route for route in discover(application()).routes}
    live = routes["/api/{tenant}/{rest:path}"]
    assert live.handler is not None
    assert live.handler.__name__ == "live"
    assert [function.__name__ for function in live.dependencies] == ["authenticate"]
    assert live.framework == "quart"
    assert routes["/ws/{room:int}/{name}"].dependencies == ()
    assert routes["/things"].handler is not None
    assert routes["/things"].handler.__qualname__.endswith("Things.post")


@pytest.mark.parametrize(
    ("placeholder", "expected"),
    [
        ("<a>", Parameter("a", "path", str)),
        ("<string:a>", Parameter("a", "path", str)),
        (
            "<string(minlength=2,maxlength=4):a>",
            Parameter("a", "path", Annotated[str, MinLen(2), MaxLen(4)]),
        ),
        (
            "<string(length=3):a>",
            Parameter("a", "path", Annotated[str, MinLen(3), MaxLen(3)]),
        ),
        ("<int:a>", Parameter("a", "path", Annotated[int, Ge(0)], pattern=r"\d+")),
        (
            "<int(signed=True,max=9):a>",
            Parameter("a", "path", Annotated[int, Le(9)], pattern=r"-?\d+"),
        ),
        ("<float:a>", Parameter("a", "path", Annotated[float, Ge(0)], pattern=r"\d+\.\d+")),
        ("<path:a>", Parameter("a", "path", str, multi_segment=True)),
        ("<uuid:a>", Parameter("a", "path", UUID)),
        ("<any(red,green):a>", Parameter("a", "path", Literal["green", "red"])),
    ],
)
def test_a_placeholder_has_the_type_of_its_converter(placeholder: str, expected: Parameter) -> None:
    app = quart.Quart("shop")

    @app.websocket(f"/{placeholder}")
    async def handler(a: Any) -> None: ...

    (route,) = discover(app).routes
    assert route.parameters == (expected,)
    assert route.template == "/{a}"


def test_a_host_that_a_rule_is_bound_to_is_told() -> None:
    app = quart.Quart("shop", host_matching=True, static_host="example.org")

    @app.websocket("/ws", host="api.example.org")
    async def handler() -> None: ...

    assert [route.id for route in discover(app).routes] == ["/ws @api.example.org"]


def test_an_observer_is_told_what_quart_hides() -> None:
    app = quart.Quart("shop")

    @app.websocket("/ws")
    async def raising() -> None:
        await quart.websocket.accept()
        raise KeyError("key")

    @app.get("/page")
    async def raising_too() -> str:
        raise KeyError("key")

    told: list[tuple[type, str]] = []
    undo = observe(app, lambda error, scope: told.append((type(error), scope["type"])))
    for route in discover(app).routes:
        speak(app, route)
    undo()
    for route in discover(app).routes:
        speak(app, route)
    assert told == [(KeyError, "websocket"), (KeyError, "http")]
