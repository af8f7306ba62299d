"""GraphQL applications are WebSocket routes, with the subprotocols that they speak."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from fastapi import FastAPI
from litestar import Litestar
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute

from pytest_routes.routes import discover

strawberry = pytest.importorskip("strawberry")
ariadne = pytest.importorskip("ariadne")

BOTH = ("graphql-transport-ws", "graphql-ws")


def schema() -> Any:
    @strawberry.type
    class Query:
        answer: int = 42

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def count(self) -> AsyncGenerator[int, None]:
            yield 1

    return strawberry.Schema(query=Query, subscription=Subscription)


def sockets(app: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (route.path, route.subprotocols)
        for route in discover(app).routes
        if route.kind == "websocket"
    ]


def test_strawberry_mounted_in_starlette() -> None:
    from strawberry.asgi import GraphQL

    app = Starlette(routes=[Mount("/graphql", GraphQL(schema()))])
    assert sockets(app) == [("/graphql/", BOTH)]
    assert [route.id for route in discover(app).routes] == [
        "/graphql/",
        "GET /graphql/",
        "POST /graphql/",
    ]
    narrow = GraphQL(schema(), subscription_protocols=["graphql-transport-ws"])
    app = Starlette(routes=[WebSocketRoute("/graphql", narrow)])
    assert sockets(app) == [("/graphql", ("graphql-transport-ws",))]


def test_strawberry_as_a_router_of_fastapi() -> None:
    from strawberry.fastapi import GraphQLRouter

    app = FastAPI()
    app.include_router(GraphQLRouter(schema()), prefix="/graphql")
    assert sockets(app) == [("/graphql", BOTH)]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_strawberry_as_a_controller_of_litestar() -> None:
    from strawberry.litestar import make_graphql_controller

    controller = make_graphql_controller(schema(), path="/graphql")
    assert sockets(Litestar([controller], openapi_config=None)) == [("/graphql", BOTH)]


def test_strawberry_as_a_consumer_of_channels() -> None:
    pytest.importorskip("channels")
    from channels.routing import URLRouter
    from django.urls import path
    from strawberry.channels import GraphQLWSConsumer

    app = URLRouter([path("graphql", GraphQLWSConsumer.as_asgi(schema=schema()))])
    assert sockets(app) == [("/graphql", BOTH)]


def test_ariadne_speaks_what_its_handler_speaks() -> None:
    from ariadne.asgi import GraphQL
    from ariadne.asgi.handlers import GraphQLTransportWSHandler

    made = ariadne.make_executable_schema("type Query { answer: Int }")
    new = GraphQL(made, websocket_handler=GraphQLTransportWSHandler())
    app = Starlette(routes=[Mount("/old", GraphQL(made)), Mount("/new", new)])
    assert sockets(app) == [
        ("/old/", ("graphql-ws",)),
        ("/new/", ("graphql-transport-ws",)),
    ]


def test_socketio_is_left_alone_and_said_so() -> None:
    socketio = pytest.importorskip("socketio")
    inner = Starlette(routes=[WebSocketRoute("/ws", handler)])
    app = socketio.ASGIApp(socketio.AsyncServer(async_mode="asgi"), inner)
    found = discover(app)
    assert [route.id for route in found.routes] == ["/ws"]
    assert found.looked_at == (
        "the ASGIApp object, which speaks Engine.IO (Socket.IO): its own protocol is not tested",
        "the Starlette object (inside the ASGIApp object): no HTTP routes, 1 WebSocket route",
    )


async def handler(websocket: Any) -> None: ...
