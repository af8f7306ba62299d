from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, Optional, TypedDict, TypeVar

import msgspec
import pydantic
import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from litestar import Litestar, WebSocket, get, websocket_listener
from litestar.handlers import WebsocketListener

from checks.conversing import found, names, opened, requested, said
from pytest_routes.checks.declared import answer_check, answer_type
from pytest_routes.generate.schema.annotations import schema_of
from pytest_routes.generate.schema.document import Document
from pytest_routes.generate.schema.validation import Validator
from pytest_routes.routes import discover
from pytest_routes.routes.model import MISSING, Route
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Responded


class Colour(enum.Enum):
    RED = "red"


class Score(TypedDict):
    player: str
    points: int


class Struct(msgspec.Struct, rename="camel"):
    first_name: str


class Point(NamedTuple):
    x: int
    y: int


class Model(pydantic.BaseModel):
    name: str


@dataclass
class Data:
    at: datetime.datetime
    colour: Colour
    parent: Optional[Data] = None  # noqa: UP045


@pydantic.dataclasses.dataclass
class PydanticData:
    name: str


@dataclass
class Unresolvable:
    other: Missing  # noqa: F821


def problem_for(annotation):
    return Validator(Document(schema_of(annotation, "msgspec"))).problem


def handler(data):
    """A listener's function."""


def checked(annotation, **route):
    described = {"kind": "websocket", "path": "/ws", "framework": "litestar", "handler": handler}
    return answer_check(Route(**described | {"answer": annotation} | route), problem_for)


def text(data):
    return Message("text", data)


@pytest.mark.parametrize(
    ("annotation", "right", "wrong"),
    [
        (Score, '{"player": "a", "points": 1}', '{"player": "a", "points": "1"}'),
        (Struct, '{"firstName": "a"}', '{"first_name": "a"}'),
        (list[int], "[1]", '["1"]'),
        (dict[str, Any], '{"a": []}', "[]"),
        (int | None, "null", '"1"'),
        (Annotated[int, "points"], "1", '"1"'),
        (Literal[1, 2], "2", "3"),
        (Data, '{"at": "2024-01-01T00:00:00", "colour": "red"}', '{"at": "now", "colour": 1}'),
        (Point, "[1, 2]", "[1]"),
        (list[str], '["a"]', "not JSON"),
    ],
)
def test_an_answer_is_held_against_its_type(annotation, right, wrong):
    check = checked(annotation)
    assert check is not None
    assert check(text(right)) is None
    assert check(text(wrong)) is not None


def test_what_is_wrong_is_told_with_its_place():
    check = checked(Score)
    assert check(text('{"player": "a", "points": "1"}')) == ".points: expected integer, got '1'"
    assert check(text("[")) == ("expected JSON, got '[': Expecting value: line 1 column 2 (char 1)")


@pytest.mark.parametrize(
    "annotation",
    [
        MISSING,
        Any,
        object,
        str,
        bytes,
        str | None,
        Model,
        list[Model],
        PydanticData,
        Unresolvable,
        "Score",
        list["Score"],
        Sequence[int],
        TypeVar("T"),
        type("Own", (), {}),
    ],
)
def test_nothing_is_said_where_nothing_is_certain(annotation):
    assert checked(annotation) is None


def with_socket(data, socket):
    """A listener's function that can send by itself."""


class Listener(WebsocketListener):
    async def on_receive(self, data: str, socket: WebSocket) -> list[int]:  # noqa: ARG002
        return []


def without_signature(data):
    """A listener's function of which nobody can tell what it takes."""


without_signature.__signature__ = "unknown"


@pytest.mark.parametrize("handler", [with_socket, without_signature, Listener, None])
def test_nor_of_a_handler_that_may_send_something_else(handler):
    assert checked(list[int], handler=handler) is None


class Inner(pydantic.BaseModel):
    at: datetime.datetime
    colours: list[Colour] = []


class Outer(pydantic.BaseModel):
    inner: Inner | None
    share: Annotated[float, pydantic.Field(ge=0, le=1)]
    again: Outer | None = None


class Shouting(pydantic.BaseModel):
    name: str

    @pydantic.field_serializer("name")
    def shout(self, name: str) -> list[str]:
        return [name]


class Wrapped(pydantic.BaseModel):
    name: str

    @pydantic.model_serializer
    def wrap(self) -> list[str]:
        return [self.name]


class Hiding(pydantic.BaseModel):
    name: str
    secret: str = pydantic.Field("", exclude=True)


class Encoded(pydantic.BaseModel):
    model_config = {"json_encoders": {str: len}}
    name: str


class Numbered(pydantic.BaseModel):
    number: Annotated[int, pydantic.PlainSerializer(lambda number: [number])]


class Linked(pydantic.BaseModel):
    link: pydantic.HttpUrl


def test_a_model_of_fastapi_is_what_pydantic_writes():
    check = checked(Outer, framework="fastapi", kind="http")
    assert check(responded(b'{"inner": null, "share": 1}')) is None
    whole = b'{"inner": {"at": "2026-01-02T03:04:05", "colours": ["red"]}, "share": 0.5}'
    assert check(responded(whole)) is None
    assert check(responded(b'{"inner": {"at": 1}, "share": 0.5}')) is not None
    assert check(responded(b'{"inner": null}')).startswith("expected a member 'share'")
    assert checked(Outer, framework="starlette", kind="http") is None


@pytest.mark.parametrize(
    "model", [Shouting, Wrapped, Hiding, Encoded, Numbered, Linked, PydanticData]
)
def test_a_model_that_is_written_otherwise_is_not_certain(model):
    assert checked(model, framework="fastapi", kind="http") is None
    assert checked(list[model], framework="fastapi", kind="http") is None


def test_only_the_status_that_the_type_is_declared_for_counts():
    check = checked(int, framework="fastapi", kind="http", answer_status=201)
    assert check(responded(b'"later"', status=202)) is None
    assert check(responded(b'"now"', status=201)) == "expected integer, got 'now'"


class User(pydantic.BaseModel):
    id: int
    name: str


def test_a_response_that_fastapi_does_not_validate_is_held_against_the_model():
    app = FastAPI()

    @app.get("/made", response_model=User, status_code=203)
    async def made() -> JSONResponse:
        return JSONResponse({"id": "1"}, 203)

    @app.get("/queued", response_model=User)
    async def queued() -> JSONResponse:
        return JSONResponse({"queued": True}, 202)

    @app.get("/right", response_model=User)
    async def right() -> dict[str, object]:
        return {"id": "1", "name": "Ada", "more": True}

    problems = {}
    for route in discover(app).routes:
        if route.path in ("/made", "/queued", "/right"):
            problem = answer_check(route, lambda t: Validator(Document(schema_of(t))).problem)
            found_in = requested(app, path=route.path, answer_problem=problem)
            problems[route.path] = [(each.check, each.actual) for each in found_in]
    assert problems == {
        "/made": [("response_mismatch", "expected a member 'name', got {'id': '1'}")],
        "/queued": [],
        "/right": [],
    }


def responded(body, content_type=b"application/json; charset=utf-8", status=200):
    headers = ((b"content-type", content_type),)
    return Responded(time=0, client=0, status=status, headers=headers, body=body)


def test_a_response_is_checked_when_it_is_json():
    check = checked(str, kind="http")
    assert check(responded(b'"text"')) is None
    assert check(responded(b"1")) == "expected string, got 1"
    assert check(responded(b"1", b"application/vnd.items+JSON")) == "expected string, got 1"
    assert check(responded(b"plain", b"text/plain")) is None
    assert check(responded(b"1\n2\n", b"application/x-ndjson")) is None


@websocket_listener("/ws")
async def score(data: str) -> Score:
    return {"player": data, "points": data}  # type: ignore[typeddict-item]


@get("/")
async def scores() -> list[int]:
    return ["one"]  # type: ignore[list-item]


def test_litestar_sends_what_the_handler_returns_and_that_is_found():
    app = Litestar([score, scores])
    check = {route.path: answer_check(route, problem_for) for route in discover(app).routes}
    assert names(found(app, opened(), said("a"), answer_problem=check["/ws"])) == [
        "response_mismatch"
    ]
    assert names(requested(app, answer_problem=check["/"])) == ["response_mismatch"]


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        (int, "int"),
        (Point, "Point"),
        (list[Point], "list[Point]"),
        (dict[str, Point | None], "dict[str, Point | None]"),
        (Literal["a.b"], "Literal['a.b']"),
    ],
    ids=str,
)
def test_a_type_is_called_as_its_declaration_reads(annotation, name):
    assert answer_type(Route("websocket", "/ws", answer=annotation)) == name


def test_where_nothing_is_declared_there_is_no_name():
    assert answer_type(Route("websocket", "/ws")) == ""
