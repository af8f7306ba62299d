from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from litestar import Litestar, Response, get, post
from litestar.exceptions import HTTPException as LitestarHTTPException
from litestar.exceptions import InternalServerException, NotFoundException
from litestar.response import Stream
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from checks.conversing import names, requested, told


def starlette(handler):
    return Starlette(routes=[Route("/", handler)])


def fastapi(handler, **options):
    app = FastAPI()
    app.get("/", **options)(handler)
    return app


def litestar(handler, **options):
    return Litestar([get("/")(handler)], **options)


async def crashes(request):
    return PlainTextResponse({}["name"])


async def fastapi_crashes():
    return {}["name"]


async def litestar_crashes() -> str:
    return {}["name"]


@pytest.mark.parametrize(
    "app",
    [starlette(crashes), fastapi(fastapi_crashes), litestar(litestar_crashes)],
    ids=["starlette", "fastapi", "litestar"],
)
def test_a_crash_is_told_once_with_its_exception_and_place(app):
    (finding,) = requested(app)
    check, message, expected, actual = told(finding)
    assert check == "handler_error"
    assert message.startswith("Handler raised KeyError: 'name' in ")
    assert message.endswith("crashes (test_http.py)")
    assert expected == "A complete response, whatever the request"
    assert actual == "HTTP 500 after KeyError: 'name'"
    assert finding.key[:3] == ("handler_error", "builtins.KeyError", "test_http.py")


def test_a_raw_application_that_raises():
    async def app(scope, receive, send):
        if scope["type"] == "http":
            raise LookupError("raw")

    (finding,) = requested(app)
    assert told(finding)[3] == "LookupError: raw; the server answers HTTP 500"


def test_a_response_that_breaks_off():
    async def body():
        yield b"half"
        raise LookupError("the other half")

    async def streams(request):
        return StreamingResponse(body())

    (finding,) = requested(starlette(streams))
    assert told(finding)[3] == (
        "LookupError: the other half after the response had started with HTTP 200"
    )


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429])
def test_refusals_are_right(status):
    async def refuses():
        raise HTTPException(status)

    async def litestar_refuses() -> None:
        raise LitestarHTTPException(status_code=status)

    assert requested(fastapi(refuses)) == []
    assert requested(litestar(litestar_refuses)) == []


@pytest.mark.parametrize("status", [404, 499])
def test_an_exception_that_the_application_maps_to_a_refusal_is_right(status):
    class Missing(Exception):
        pass

    async def refuses() -> str:
        raise Missing

    app = litestar(
        refuses, exception_handlers={Missing: lambda *_: Response("missing", status_code=status)}
    )
    assert requested(app) == []


def test_one_that_it_maps_to_a_500_is_found():
    async def fails() -> str:
        raise KeyError("lost")

    app = litestar(fails, exception_handlers={KeyError: lambda *_: Response("oh", status_code=500)})
    assert names(requested(app)) == ["handler_error"]


@pytest.mark.parametrize(
    ("app", "text"),
    [
        (fastapi(lambda: (_ for _ in ()).throw(HTTPException(500))), "HTTP 500"),
        (fastapi(lambda: (_ for _ in ()).throw(HTTPException(502, "gateway"))), "HTTP 502"),
    ],
)
def test_an_answer_of_500_or_more_is_a_server_error(app, text):
    (finding,) = requested(app)
    assert told(finding) == [
        "server_error",
        f"Request was answered with {text}",
        "An answer below 500 to GET",
        text,
    ]


def test_litestars_internal_errors_are_server_errors_at_the_line_that_raised():
    async def fails() -> None:
        raise InternalServerException("oh no")

    (finding,) = requested(litestar(fails))
    assert told(finding)[:2] == [
        "server_error",
        "Request was answered with HTTP 500 in "
        "test_litestars_internal_errors_are_server_errors_at_the_line_that_raised."
        "<locals>.fails (test_http.py)",
    ]
    assert isinstance(finding.exception, InternalServerException)


def test_what_is_not_implemented_or_announced_as_unavailable_is_right():
    def answering(status, headers=None):
        async def answers(request):
            return PlainTextResponse("", status_code=status, headers=headers)

        return starlette(answers)

    assert requested(answering(499)) == []
    assert requested(answering(501)) == []
    assert requested(answering(503, {"Retry-After": "120"})) == []
    assert names(requested(answering(503))) == ["server_error"]
    assert names(requested(answering(500, {"Retry-After": "120"}))) == ["server_error"]


async def hangs(request):
    await asyncio.Event().wait()


def test_a_request_that_is_never_answered():
    (finding,) = requested(starlette(hangs))
    assert told(finding) == [
        "response_timeout",
        "Request was not answered",
        "A complete response within 30 s",
        "The handler waits in hangs (test_http.py) for Event.wait, for what can never happen",
    ]


async def sleeps(request):
    time.sleep(20)


def test_a_handler_that_blocks_the_loop():
    assert names(requested(starlette(sleeps))) == ["blocked_event_loop"]


def test_a_handler_that_returns_without_a_response_breaks_a_rule():
    async def app(scope, receive, send):
        pass

    (finding,) = requested(app)
    assert finding.key == ("protocol_violation", "response_incomplete")


def test_an_illegal_header_is_a_violation_and_not_a_handler_error_too():
    async def answers(request):
        return PlainTextResponse("", headers={"X-Name": "a\r\nb"})

    (finding,) = requested(starlette(answers))
    assert finding.key[:2] == ("protocol_violation", "header_value")


def test_a_background_task_that_fails_is_found():
    async def fails():
        raise LookupError("mail")

    async def answers(request):
        return PlainTextResponse("", background=BackgroundTask(fails))

    (finding,) = requested(starlette(answers))
    assert told(finding)[3] == "HTTP 200 after LookupError: mail"


def test_a_task_that_fails_unseen_is_a_warning():
    tasks = []

    async def fails():
        raise LookupError("mail")

    async def answers(request):
        tasks.append(asyncio.create_task(fails()))
        return PlainTextResponse("")

    (finding,) = requested(starlette(answers))
    assert (finding.check, finding.severity) == ("logged_exception", "warn")


async def ticks():
    while True:
        yield b"tick"
        await asyncio.sleep(1)


async def streams_ticks() -> Stream:
    return Stream(ticks())


@pytest.mark.parametrize(
    "app",
    [
        starlette(lambda _: StreamingResponse(ticks())),
        litestar(streams_ticks),
    ],
    ids=["starlette", "litestar"],
)
def test_a_client_that_leaves_an_endless_stream_is_no_error(app):
    assert requested(app) == []


def test_a_dependency_that_refuses_is_right_and_a_crash_in_one_is_not():
    def refuses():
        raise HTTPException(401)

    def fails():
        raise NotImplementedError("dependency")

    async def handler():
        return {}

    assert requested(fastapi(handler, dependencies=[Depends(refuses)])) == []
    assert names(requested(fastapi(handler, dependencies=[Depends(fails)]))) == ["handler_error"]


def test_litestars_not_found_is_right():
    async def misses() -> None:
        raise NotFoundException("nothing here")

    assert requested(litestar(misses)) == []


class Price(BaseModel):
    amount: float


def takes_a_price(**options):
    app = FastAPI(**options)

    @app.middleware("http")
    async def passes_on(request, call_next):
        return await call_next(request)

    @app.post("/")
    async def take(price: Price) -> None:
        return None

    return app


DEEP = b"[" * 5_000 + b"]" * 5_000


def test_json_that_a_framework_cannot_decode_for_its_depth_is_not_the_applications():
    @post("/")
    async def take(data: dict[str, Any]) -> None:
        return None

    assert requested(Litestar([take]), method="POST", json=DEEP) == []


def test_json_that_the_application_cannot_walk_for_its_depth_is():
    def depth(value):
        return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0

    async def take(request):
        return PlainTextResponse(str(depth(json.loads(await request.body()))))

    app = Starlette(routes=[Route("/", take, methods=["POST"])])
    shallow = b"[" * 900 + b"]" * 900
    (finding,) = requested(app, method="POST", json=shallow)
    assert finding.check == "handler_error"
    assert "RecursionError" in finding.message


def test_a_refusal_that_fastapi_cannot_write_is_not_the_applications():
    assert requested(takes_a_price(), method="POST", json=b'{"amount": [NaN]}') == []


def test_a_refusal_that_the_application_cannot_write_is():
    async def refuse(request, error):
        return PlainTextResponse({}["reason"])

    app = takes_a_price(exception_handlers={RequestValidationError: refuse})
    (finding,) = requested(app, method="POST", json=b'{"amount": [NaN]}')
    assert finding.check == "handler_error"
    assert "KeyError: 'reason'" in finding.message
