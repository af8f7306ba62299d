from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from checks.conversing import accepting, found, names, opened, requested, said, told


async def doubles(receive, send):
    await send({"type": "websocket.send", "text": '"welcome"'})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": json.dumps(json.loads(event["text"]) * 2)})
        await send({"type": "websocket.send", "text": '"a broadcast"'})


def wants_a_number(answer):
    value = json.loads(answer.body if hasattr(answer, "body") else answer.data)
    return None if isinstance(value, int) else f"expected an int, got {value!r}"


def test_an_answer_that_does_not_fit_is_an_error():
    (finding,) = found(
        accepting(doubles), opened(), said("1"), said('"a"'), answer_problem=wants_a_number
    )
    assert told(finding) == [
        "response_mismatch",
        "Answer does not fit the declared type",
        "An answer of the type that the route declares",
        "expected an int, got 'aa'",
    ]
    assert finding.key == ("response_mismatch",)


def test_a_declared_type_that_has_a_name_is_called_by_it():
    (finding,) = found(
        accepting(doubles),
        opened(),
        said('"a"'),
        answer_problem=wants_a_number,
        answer_type="Score",
    )
    assert finding.message == "Answer does not fit the declared type Score"
    assert finding.expected == "An answer of the type that the route declares: Score"


def test_only_what_follows_a_message_is_its_answer():
    assert found(accepting(doubles), opened(), said("1"), answer_problem=wants_a_number) == []


def test_nothing_is_expected_of_a_route_that_declares_nothing():
    assert found(accepting(doubles), opened(), said('"a"')) == []


async def word(request):
    return JSONResponse("word", status_code=int(request.query_params.get("status", "200")))


def test_the_body_of_a_successful_response_has_to_fit():
    app = Starlette(routes=[Route("/", word)])
    assert names(requested(app, answer_problem=wants_a_number)) == ["response_mismatch"]
    assert requested(app) == []


@pytest.mark.parametrize(("status", "checks"), [(200, 1), (299, 1), (300, 0), (404, 0)])
def test_the_body_of_a_refusal_need_not_fit(status, checks):
    async def answers(request):
        return JSONResponse("no", status_code=status)

    app = Starlette(routes=[Route("/", answers)])
    assert names(requested(app, answer_problem=wants_a_number)) == ["response_mismatch"] * checks


class User(BaseModel):
    name: str


def test_what_fastapi_finds_out_about_its_response_is_a_mismatch():
    app = FastAPI()

    @app.get("/")
    async def user() -> User:
        return {"name": None}  # type: ignore[return-value]

    (finding,) = requested(app)
    assert finding.check == "response_mismatch"
    assert finding.message.startswith(
        "Answer does not fit the declared type: ResponseValidationError: 1 validation error"
    )
