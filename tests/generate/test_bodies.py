"""Bodies of requests, read back by the frameworks that they are meant for."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from typing import Annotated, Any

import fastapi
import msgspec
import pytest
from litestar import Litestar, post
from litestar.datastructures import UploadFile as LitestarFile
from litestar.enums import RequestEncodingType
from litestar.params import Body as LitestarBody
from pydantic import BaseModel
from starlette.requests import Request

from pytest_routes.config import Config
from pytest_routes.generate.bodies import Payload, body_maker, encoder
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.request import requests
from pytest_routes.generate.schema.enumeration import Simplest
from pytest_routes.generate.uploads import Upload
from pytest_routes.http.engine import HttpEngine
from pytest_routes.routes import discover
from pytest_routes.routes.model import Body, Route
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Responded


class Item(BaseModel):
    name: str
    tags: list[str] = []


def _route(body: Body | None, method: str = "POST", framework: str = "fastapi") -> Route:
    return Route(kind="http", path="/", method=method, body=body, framework=framework)


def _payloads(route: Route, count: int = 400, **options: Any) -> list[Payload]:
    make = body_maker(route, **options)
    return [make(RandomChoices(seed)) for seed in range(count)]


def _is_item(payload: Payload) -> bool:
    try:
        Item.model_validate_json(payload.content)
    except ValueError:
        return False
    return True


def test_most_json_bodies_are_right_and_some_are_broken_garbled_or_missing() -> None:
    payloads = _payloads(_route(Body(Item)))
    right = sum(map(_is_item, payloads))
    assert 320 < right < 360
    assert {payload.media_type for payload in payloads} == {"application/json", ""}
    wrong = [payload.content for payload in payloads if not _is_item(payload)]
    assert b"" in wrong
    assert any(content.startswith(b'{"name":') for content in wrong)
    assert any(_is_not_json(content) for content in wrong if content)


def _is_not_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return True
    return False


def test_the_simplest_body_is_the_smallest_right_one() -> None:
    assert body_maker(_route(Body(Item)))(Simplest()) == Payload(
        b'{"name":"a"}', "application/json"
    )


def test_no_body_is_larger_than_allowed() -> None:
    for body in (Body(Item), Body(bytes, "application/octet-stream"), None):
        sizes = [len(payload.content) for payload in _payloads(_route(body), most_bytes=40)]
        assert max(sizes) <= 40
        assert any(sizes)


def test_a_method_without_a_body_has_none() -> None:
    assert set(_payloads(_route(None, "GET"), 20)) == {Payload()}


def test_a_route_that_declares_no_body_is_sent_what_it_may_read() -> None:
    payloads = _payloads(_route(None, framework="starlette"), known={"action": ["buy"]})
    kinds = Counter(payload.media_type for payload in payloads)
    assert set(kinds) == {
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    }
    assert any(b'"action":"buy"' in payload.content for payload in payloads)
    assert any(b"action=buy" in payload.content for payload in payloads)


FORM = {"a": [1, "é&="], "b": None, "c": True}


@pytest.mark.parametrize(
    ("media_type", "value", "content"),
    [
        ("application/json", {"a": "é"}, '{"a":"é"}'.encode()),
        ("application/json", "\ud800", b'"\\ud800"'),
        ("application/merge-patch+json", [1], b"[1]"),
        ("application/x-www-form-urlencoded", FORM, b"a=1&a=%C3%A9%26%3D&c=true"),
        ("text/plain", "a\n", b"a\n"),
        ("application/octet-stream", "a", b"a"),
        ("application/x-msgpack", {"a": 1}, b"\x81\xa1a\x01"),
    ],
)
def test_a_value_is_written_as_its_media_type_wants(
    media_type: str, value: Any, content: bytes
) -> None:
    assert encoder(media_type)(value) == Payload(content, media_type)


def test_a_multipart_form_has_fields_and_files() -> None:
    payload = encoder("multipart/form-data")(
        {"n": 1, "f": [Upload('a"b\r\n.txt', b"\x00\r\n", "text/plain")]}
    )
    assert payload.media_type == "multipart/form-data; boundary=pytest-routes-7f3a9c"
    assert payload.content == (
        b"--pytest-routes-7f3a9c\r\n"
        b'Content-Disposition: form-data; name="n"\r\n'
        b"\r\n"
        b"1\r\n"
        b"--pytest-routes-7f3a9c\r\n"
        b'Content-Disposition: form-data; name="f"; filename="a%22b%0D%0A.txt"\r\n'
        b"Content-Type: text/plain\r\n"
        b"\r\n"
        b"\x00\r\n\r\n"
        b"--pytest-routes-7f3a9c--\r\n"
    )


# Against the frameworks themselves.


def _statuses(app: Any, count: int = 200) -> dict[str, Counter[int]]:
    """By path, the statuses that a framework answers to requests to its routes."""
    server = Server()
    found: dict[str, Counter[int]] = {}
    try:
        with server.on_duty():
            server.start(app, 10)
            engine = HttpEngine(server, 30.0)
            for route in discover(app).routes:
                if route.method == "POST":
                    draw = requests(route, Config())
                    counter = found[route.path] = Counter()
                    for seed in range(count):
                        responded = engine.run(draw(RandomChoices(seed))).first(Responded)
                        counter[responded.status if responded else 0] += 1
            server.stop(10)
    finally:
        server.close()
    return found


class Order(BaseModel):
    item: Item
    amount: int


def test_fastapi_reads_most_bodies_and_refuses_the_others_politely() -> None:
    app = fastapi.FastAPI()

    @app.post("/json")
    async def json_body(order: Order, note: Annotated[str, fastapi.Body()]) -> None: ...

    @app.post("/form")
    async def form(data: Annotated[Item, fastapi.Form()]) -> None: ...

    @app.post("/fields")
    async def fields(
        user: Annotated[str, fastapi.Form()], age: Annotated[int | None, fastapi.Form()] = None
    ) -> None: ...

    @app.post("/files")
    async def files(
        first: fastapi.UploadFile,
        number: Annotated[int, fastapi.Form()],
        others: list[fastapi.UploadFile] = fastapi.File([]),
        raw: bytes = fastapi.File(b""),
    ) -> None: ...

    for path, statuses in _statuses(app).items():
        assert statuses[200] > 150, (path, statuses)
        assert statuses[422] > 5, (path, statuses)
        assert set(statuses) <= {200, 422, 400}, (path, statuses)


class Line(msgspec.Struct):
    sku: str
    count: Annotated[int, msgspec.Meta(ge=1)]


@dataclasses.dataclass
class Basket:
    owner: str
    lines: list[Line]


@dataclasses.dataclass
class Submission:
    title: str
    file: LitestarFile


MULTIPART = LitestarBody(media_type=RequestEncodingType.MULTI_PART)
URLENCODED = LitestarBody(media_type=RequestEncodingType.URL_ENCODED)
PACKED = LitestarBody(media_type=RequestEncodingType.MESSAGEPACK)


def test_litestar_reads_most_bodies_and_refuses_the_others_politely() -> None:
    @post("/json")
    async def json_body(data: Basket) -> None: ...

    @post("/pydantic")
    async def pydantic_body(data: Order) -> None: ...

    @post("/packed")
    async def packed_body(data: Annotated[Line, PACKED]) -> None: ...

    @post("/form")
    async def form(data: Annotated[dict[str, str], URLENCODED]) -> None: ...

    @post("/file")
    async def file(data: Annotated[LitestarFile, MULTIPART]) -> None: ...

    @post("/files")
    async def files(data: Annotated[list[LitestarFile], MULTIPART]) -> None: ...

    @post("/submission")
    async def submission(data: Annotated[Submission, MULTIPART]) -> None: ...

    handlers: list[Any] = [json_body, pydantic_body, packed_body, form, file, files, submission]
    for path, statuses in _statuses(Litestar(handlers, openapi_config=None)).items():
        assert statuses[201] > 150, (path, statuses)
        assert set(statuses) <= {201, 400}, (path, statuses)


async def _json_of_source(request):  # type: ignore[no-untyped-def]
    body = await request.json()
    return body["text"] if body["kind"] == "shout" else None


async def _form_of_source(request: Request) -> Any:
    form = await request.form()
    return int(form["speed"]) if form["mode"] == "fast" else None


async def _bytes_of_source(request: Request) -> Any:
    order = json.loads(await request.body())
    return order["x"] + order["y"] if order["op"] in ("add", "sub") else None


def _read_by(handler: Any) -> list[Payload]:
    return _payloads(Route(kind="http", path="/", method="POST", handler=handler))


def test_a_body_that_the_source_reads_as_json_has_the_keys_and_words_of_the_source() -> None:
    payloads = [p for p in _read_by(_json_of_source) if p.media_type == "application/json"]
    bodies = [json.loads(p.content) for p in payloads if p.content.startswith(b'{"')]
    right = [b for b in bodies if b.get("kind") == "shout" and "text" in b]
    assert len(right) > 150
    assert len({json.dumps(b["text"]) for b in right}) > 10


def test_a_body_that_the_source_reads_as_a_form_is_a_form_of_its_fields() -> None:
    forms = [p.content for p in _read_by(_form_of_source) if p.media_type.endswith("urlencoded")]
    assert sum(b"mode=fast&speed=" in content for content in forms) > 150


def test_bytes_that_the_source_parses_as_json_are_json() -> None:
    payloads = [p for p in _read_by(_bytes_of_source) if p.content.startswith(b'{"op":"')]
    operations = Counter(json.loads(p.content)["op"] for p in payloads)
    assert operations["add"] > 80
    assert operations["sub"] > 80


def test_a_source_that_does_not_look_into_the_body_is_sent_anything() -> None:
    async def ignored(request: Request) -> None: ...

    kinds = Counter(payload.media_type for payload in _read_by(ignored))
    assert set(kinds) == {
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    }
