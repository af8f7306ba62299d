"""What an application reads of the connection scope itself is sent."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs

import pytest

from pytest_routes.config import Config
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.compared import with_mined
from pytest_routes.generate.handshake import handshakes
from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes import discover
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.transcript import Transcript

UNITS = ("metric", "imperial")


async def weather(scope: Any, receive: Any, send: Any) -> None:
    query = parse_qs(scope["query_string"].decode())
    headers = dict(scope["headers"])
    unit = query.get("unit", ["metric"])[0]
    days = int(query.get("days", ["1"])[0])
    token = query.get("token", [""])[0]
    language = headers.get(b"accept-language", b"en")
    agent = headers.get(b"user-agent")
    origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
    await receive()
    await send({"type": "websocket.accept"})
    if unit in UNITS and language == b"fr" and days > 7 and token == "t":
        print(agent, origin, site)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await weather(scope, receive, send)


@pytest.fixture
def route() -> Route:
    (found,) = discover(app, websocket_paths=["/weather"]).routes
    return found


@pytest.fixture
def drawn(route: Route) -> list[Handshake]:
    draw = handshakes(route, Config(), ())
    return [draw(RandomChoices(seed), Transcript()) for seed in range(300)]


def test_secrets_and_what_every_client_says_are_not_made_up(route: Route) -> None:
    found = {(p.location, p.name, p.required) for p in with_mined(route).parameters}
    assert found == {
        ("query", "unit", False),
        ("query", "days", False),
        ("header", "accept-language", False),
    }


def test_the_query_has_what_the_source_compares_its_values_with(drawn: list[Handshake]) -> None:
    units = Counter(value for h in drawn for name, value in h.query if name == "unit")
    assert min(units["metric"], units["imperial"]) > 15


def test_a_number_is_what_its_bounds_say_or_a_plain_one(drawn: list[Handshake]) -> None:
    days = {value for h in drawn for name, value in h.query if name == "days"}
    assert days >= {"0", "1", "7", "8", "-1"}


def test_headers_are_read_of_the_scope(drawn: list[Handshake]) -> None:
    languages = Counter(v for h in drawn for name, v in h.headers if name == "accept-language")
    assert languages["fr"] > 15


def test_most_clients_give_all_and_some_nothing(drawn: list[Handshake]) -> None:
    given = Counter(len(h.query) + len(h.headers) for h in drawn)
    assert given[3] > 100
    assert given[0] > 10


async def since(scope: Any, receive: Any, send: Any) -> None:
    query = parse_qs(scope["query_string"].decode())
    moment = datetime.fromisoformat(query.get("since", [""])[0])
    number = Decimal(query.get("amount", ["1"])[0])
    wanted = json.loads(query.get("filter", ["{}"])[0])
    await receive()
    await send({"type": "websocket.accept", "moment": moment, "number": number, "all": wanted})


def test_what_reads_a_parameter_says_which_forms_it_may_have() -> None:
    asked = {each.name: set(each.values) for each in mine(since, ()).parameters}
    # With a time zone and without: the two cannot be compared.
    assert {"2024-01-31", "2024-01-31T12:00:00", "2024-01-31T12:00:00+02:00"} <= asked["since"]
    assert {"10.5", "NaN"} <= asked["amount"]
    assert {"{}", "[]", "null"} <= asked["filter"]
