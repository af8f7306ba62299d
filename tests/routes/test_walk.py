"""What holds for discovery in every framework."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from fastapi import FastAPI
from litestar import Litestar
from starlette.applications import Starlette
from starlette.routing import Host, Route, WebSocketRoute

from pytest_routes.routes import Parameter, discover, observe
from pytest_routes.routes.walk import Place, plain, shape

from .speaking import speak, texts


async def raw(scope: Any, receive: Any, send: Any) -> None: ...


async def handler(websocket: Any) -> None: ...


def test_no_framework_is_imported_for_an_application_without_one() -> None:
    code = (
        "import sys\n"
        "from pytest_routes.routes import discover\n"
        "async def app(scope, receive, send): ...\n"
        "discover(app, websocket_paths=['/ws'])\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & set(sys.argv[1:])))\n"
    )
    frameworks = ["starlette", "fastapi", "litestar", "quart", "channels", "pydantic", "hypothesis"]
    output = subprocess.check_output([sys.executable, "-c", code, *frameworks], text=True)
    assert output == "[]\n"


def test_an_opaque_application_has_no_routes_and_says_so() -> None:
    found = discover(raw)
    assert found.routes == ()
    assert found.looked_at == ("the function raw, whose routes cannot be discovered",)


def test_each_application_is_named_with_what_was_found_in_it() -> None:
    app = Starlette(routes=[Host("a.example", app=Starlette(routes=[Route("/", handler)]))])
    app.mount("/lite", Litestar([], openapi_config=None))
    app.mount("/fast", FastAPI(openapi_url=None))
    app.routes.append(WebSocketRoute("/ws", handler))
    assert discover(app).looked_at == (
        "the Starlette object: 1 HTTP route, 1 WebSocket route",
        "a.example/: the Starlette object: 1 HTTP route, no WebSocket routes",
        "/lite: the Litestar object: no HTTP routes, no WebSocket routes",
        "/fast: the FastAPI object: no HTTP routes, no WebSocket routes",
    )


def test_both_applications_that_a_function_chooses_from_are_discovered() -> None:
    first = Starlette(routes=[WebSocketRoute("/first", handler)])
    second = Starlette(routes=[WebSocketRoute("/second", handler)])

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (first if scope["path"] < "/s" else second)(scope, receive, send)

    assert [route.id for route in discover(app).routes] == ["/first", "/second"]


def test_ids_are_unique() -> None:
    app = Starlette(
        routes=[
            Host("a.example", app=Starlette(routes=[WebSocketRoute("/ws", handler)])),
            Host("b.example", app=Starlette(routes=[WebSocketRoute("/ws", handler)])),
            Host("b.example", app=Starlette(routes=[WebSocketRoute("/ws", handler)])),
            WebSocketRoute("/ws", handler),
            WebSocketRoute("/ws", handler),
        ]
    )
    assert [route.id for route in discover(app).routes] == [
        "/ws @a.example",
        "/ws @b.example",
        "/ws",
    ]


def test_observing_an_application_that_hides_nothing_does_nothing() -> None:
    observe(Starlette(), lambda *_: None)()
    observe(raw, lambda *_: None)()


def test_a_place_collects_prefixes_and_parameters() -> None:
    outer, inner = Parameter("room", "path", int), Parameter("room", "path", str)
    place = Place().below("/a/{room:int}", (outer,)).below("/b").below("/{room}", (inner,))
    assert place.path == "/a/{room:int}/b/{room}"
    assert place.template == "/a/{outer_room}/b/{room}"
    assert place.parameters == (Parameter("outer_room", "path", int), inner)


def test_types_and_names_can_be_taken_out_of_a_path() -> None:
    assert plain("/a/{b:int}/{ c : str }/{d}") == "/a/{b}/{c}/{d}"
    assert shape("/a/{b:int}/{c}") == shape("/a/{x:int}/{y:str}")
    assert shape("/a/{b:int}") != shape("/a/{b}")


def test_an_application_that_a_dispatcher_keeps_for_a_path_is_reached_below_it() -> None:
    class Dispatcher:
        def __init__(self, mounts: dict[str, Any]) -> None:
            self.mounts = mounts

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            for prefix, app in self.mounts.items():
                if scope["path"].startswith(prefix):
                    path = scope["path"].removeprefix(prefix)
                    await app({**scope, "path": path}, receive, send)

    async def greet(websocket: Any) -> None:
        await websocket.accept()
        await websocket.send_text("hello")

    app = Dispatcher({"/api": Starlette(routes=[WebSocketRoute("/ws", greet)])})
    (route,) = discover(app).routes
    assert route.id == "/api/ws"
    assert texts(speak(app, route)) == ["hello"]
