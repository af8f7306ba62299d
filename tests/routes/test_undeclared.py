"""What a handler reads of the query, headers and cookies counts as a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Depends, FastAPI, Query, WebSocket
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute

from pytest_routes.routes import Parameter, discover
from pytest_routes.routes.undeclared import shows_guess

if TYPE_CHECKING:
    from collections.abc import Callable


def parameters(handler: Callable[..., Any] | type) -> tuple[Parameter, ...]:
    app = Starlette(routes=[WebSocketRoute("/ws", handler)])
    (route,) = discover(app).routes
    return route.parameters


def optional(name: str, location: Any, annotation: Any = str, **others: Any) -> Parameter:
    return Parameter(name, location, annotation, required=False, **others)


async def reads_each(websocket: WebSocket) -> None:
    websocket.query_params["room"]
    websocket.query_params.get("name", "nobody")
    websocket.headers.get("x-client")
    "session" in websocket.cookies  # noqa: B015


def test_each_way_to_read_one_is_found() -> None:
    assert parameters(reads_each) == (
        optional("room", "query"),
        optional("name", "query", default="nobody"),
        optional("x-client", "header"),
        optional("session", "cookie"),
    )


async def reads_through_names(websocket: WebSocket) -> None:
    params = websocket.query_params
    mode = params.get("mode") or "plain"
    if mode == "loud" or mode in ("soft", "plain"):
        int(params["times"])


def test_what_a_value_is_compared_with_and_converted_to_is_its_type_too() -> None:
    found = {each.name: each.annotation for each in parameters(reads_through_names)}
    assert found == {"mode": Literal["loud", "soft", "plain"] | str, "times": int | str}


class Endpoint(WebSocketEndpoint):
    async def on_connect(self, websocket: WebSocket) -> None:
        if websocket.query_params.get("version") != "v2":
            await websocket.close(4001)
        if websocket.query_params.get("token") != "sesame":
            await websocket.close(4002)


def test_the_methods_of_a_class_are_read_and_its_secrets_not_taken() -> None:
    version, token = parameters(Endpoint)
    assert (version.name, version.annotation) == ("version", Literal["v2"] | str)
    assert (token.name, token.annotation) == ("token", str)


def test_what_turns_others_away_is_always_given_and_known_as_a_guess() -> None:
    app = Starlette(routes=[WebSocketRoute("/ws", Endpoint)])
    (route,) = discover(app).routes
    assert [parameter.required for parameter in route.parameters] == [True, False]
    assert shows_guess(route, "query", "version", "v2")
    assert not shows_guess(route, "query", "version", "v1")
    assert not shows_guess(route, "header", "version", "v2")
    assert not shows_guess(route, "query", "token", "sesame")


def room_of(websocket: WebSocket) -> str:
    return websocket.query_params["room"]


async def asks_another(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(room_of(websocket))


def test_functions_that_the_handler_calls_are_read() -> None:
    assert parameters(asks_another) == (optional("room", "query"),)


async def speaks_of_others(websocket: WebSocket) -> None:
    await websocket.accept()
    data = await websocket.receive_json()
    data.get("room")
    data["query"]
    websocket.headers.get("user-agent")
    websocket.query_params.get(data["key"])


def test_messages_and_what_every_client_sends_are_no_parameters() -> None:
    assert parameters(speaks_of_others) == ()


ROOM, OPEN = "room-name", "lobby"


class Reader:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    def room(self) -> str:
        room = self.websocket.query_params.get(ROOM, OPEN)
        return "none" if room == OPEN else room


async def asks_an_object(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(Reader(websocket).room())


def test_constants_of_the_module_and_objects_made_of_the_connection_are_read() -> None:
    (room,) = parameters(asks_an_object)
    assert room == optional(
        "room-name",
        "query",
        Literal["lobby"] | str,
        default="lobby",
        compared=frozenset({"lobby"}),
    )


app = FastAPI()


def user(websocket: WebSocket) -> str | None:
    return websocket.cookies.get("user")


@app.websocket("/ws")
async def declared(
    websocket: WebSocket, room: Annotated[str, Query()], who: Annotated[str, Depends(user)]
) -> None:
    websocket.query_params["room"]


def test_what_is_declared_is_not_guessed_and_dependencies_are_read() -> None:
    (route,) = (each for each in discover(app).routes if each.kind == "websocket")
    assert [(each.name, each.location, each.required) for each in route.parameters] == [
        ("room", "query", True),
        ("user", "cookie", False),
    ]
