"""Routes that are named, because nobody can discover them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, WebSocketRoute

from pytest_routes.routes import Parameter, discover


async def application(scope: Any, receive: Any, send: Any) -> None: ...


async def mounted(scope: Any, receive: Any, send: Any) -> None: ...


class Instance:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


def test_a_named_path_is_a_route_of_the_application_itself() -> None:
    (route,) = discover(CORSMiddleware(application), websocket_paths=["/ws/chat"]).routes
    assert (route.kind, route.path, route.template) == ("websocket", "/ws/chat", "/ws/chat")
    assert route.handler is application
    assert route.framework == ""


def test_an_instance_shows_its_class() -> None:
    (route,) = discover(Instance(), websocket_paths=["ws"]).routes
    assert (route.path, route.handler) == ("/ws", Instance)


def test_placeholders_have_types() -> None:
    path = "/{a}/{b:str}/{c:int}/{d:float}/{e:uuid}/{f:date}/{g:path}"
    (route,) = discover(application, websocket_paths=[path]).routes
    assert route.template == "/{a}/{b}/{c}/{d}/{e}/{f}/{g}"
    assert route.parameters == (
        Parameter("a", "path", str),
        Parameter("b", "path", str),
        Parameter("c", "path", int),
        Parameter("d", "path", float),
        Parameter("e", "path", UUID),
        Parameter("f", "path", date),
        Parameter("g", "path", str, multi_segment=True),
    )


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^/ws/\{n:integer\}: unknown type 'integer' of 'n', "):
        discover(application, websocket_paths=["/ws/{n:integer}"])


async def known(websocket: Any) -> None: ...


def test_the_handler_is_the_application_that_the_path_leads_to() -> None:
    app = Starlette(
        routes=[
            WebSocketRoute("/known", known),
            Mount("/raw", routes=[Mount("/deep", mounted), Mount("/other", Instance())]),
        ]
    )
    paths = ["/raw/deep/ws", "/raw/other", "/raw/deeper", "/known"]
    routes = discover(app, websocket_paths=paths).routes
    assert [(route.path, route.handler) for route in routes] == [
        ("/known", known),
        ("/raw/deep/ws", mounted),
        ("/raw/other", Instance),
        ("/raw/deeper", Starlette),
    ]
