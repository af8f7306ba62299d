"""Whether an answer fits the declared type."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel, Field, computed_field

from pytest_routes.generate.answers import answer_problem, fits
from pytest_routes.routes.model import MISSING, Route
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Responded


class Reply(BaseModel):
    id: int
    sent_at: dt.datetime = Field(alias="sentAt")
    price: Decimal | None = None

    @computed_field
    @property
    def even(self) -> bool:
        return self.id % 2 == 0


class Item(msgspec.Struct, rename="camel"):
    item_id: int
    label: str = ""


@dataclasses.dataclass
class Basket:
    owner: str
    items: list[Item]


RIGHT = {"id": 1, "sentAt": "2024-01-31T00:00:00", "price": None, "even": False}


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        (RIGHT, Reply),
        ({**RIGHT, "price": "1.5"}, Reply),
        # Litestar writes names unless it is told to write aliases.
        ({"id": 1, "sent_at": "2024-01-31T00:00:00", "even": False}, Reply),
        ({"itemId": 1}, Item),
        ({"owner": "a", "items": [{"itemId": 1, "label": "x"}]}, Basket),
        ([1, "a"], tuple[int, str]),
        ({"1": 2}, dict[int, int]),
        ([3, 1], set[int]),
        (1.0, int),
        (1, float),
        (None, int | None),
        ({"whatever": 1}, Any),
        ({"whatever": 1}, object),
    ],
    ids=str,
)
def test_an_answer_that_fits(value: Any, annotation: Any) -> None:
    assert fits(value, annotation)


def _message(annotation: Any, text: str | bytes, kind: Any = "json") -> str | None:
    problem = answer_problem(Route(kind="websocket", path="/ws", answer=annotation))
    assert problem is not None
    return problem(Message(kind, text))


@pytest.mark.parametrize(
    ("annotation", "value", "problem"),
    [
        (int, "1", "expected integer, got '1'"),
        (int, True, "expected integer, got True"),
        (Reply, {**RIGHT, "id": "1"}, ".id: expected integer, got '1'"),
        (Reply, {"id": 1}, "expected a member 'sentAt', got {'id': 1}"),
        (
            Basket,
            {"owner": "a", "items": [{"itemId": 1}, {"itemId": None}]},
            ".items[1].itemId: expected integer, got None",
        ),
        (tuple[int, str], [1], "expected at least 2 items, got 1: [1]"),
        (list[int] | None, {"a": 1}, "expected array or null, got {'a': 1}"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_told_with_its_place(
    annotation: Any, value: Any, problem: str
) -> None:
    assert _message(annotation, json.dumps(value)) == problem


def test_text_that_is_not_json_does_not_fit() -> None:
    assert _message(int, "hello") == "expected JSON: Expecting value: line 1 column 1 (char 0)"


@pytest.mark.parametrize("annotation", [str, bytes, str | None])
def test_declared_text_travels_as_it_is(annotation: Any) -> None:
    assert _message(annotation, "not JSON", "text") is None


def test_each_message_of_a_stream_is_one_item() -> None:
    stream = AsyncGenerator[dict[str, int], None]
    assert _message(stream, '{"a": 1}') is None
    assert _message(stream, '{"a": "1"}') == ".a: expected integer, got '1'"
    assert answer_problem(Route(kind="http", path="/", answer=stream)) is None


@pytest.mark.parametrize("annotation", [MISSING, Any, object])
def test_a_route_that_declares_nothing_is_not_checked(annotation: Any) -> None:
    assert answer_problem(Route(kind="websocket", path="/ws", answer=annotation)) is None


def _responded(status: int, media_type: bytes, body: bytes) -> str | None:
    problem = answer_problem(Route(kind="http", path="/", method="GET", answer=int))
    assert problem is not None
    headers = ((b"content-type", media_type),)
    return problem(Responded(time=0, client=0, status=status, headers=headers, body=body))


def test_only_json_of_a_success_is_checked() -> None:
    assert _responded(200, b"application/json", b'"a"') == "expected integer, got 'a'"
    assert _responded(200, b"application/json", b"1") is None
    assert _responded(422, b"application/json", b'"a"') is None
    assert _responded(200, b"text/plain", b"a") is None
    assert _responded(204, b"application/json", b"") is None
