"""Parameters are given the values that the handler compares them with."""

from collections import Counter

import pytest
from fastapi import FastAPI, HTTPException

from pytest_routes.config import Config
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.compared import compared_with
from pytest_routes.generate.request import requests
from pytest_routes.routes import discover

SHARES = {"ACME": 1.5, "GLOBEX": 2.5}
app = FastAPI()


@app.get("/shares/{symbol}")
async def share(symbol: str, unit: str = "usd", token: str = "") -> float:
    if symbol not in SHARES or token == "sesame":
        raise HTTPException(404)
    return SHARES[symbol] * (0.9 if unit == "eur" else 1)


@pytest.fixture
def route():
    (found,) = (r for r in discover(app).routes if r.path == "/shares/{symbol}")
    return found


def test_what_a_parameter_is_compared_with_is_known_but_for_secrets(route) -> None:
    known = compared_with(route)
    assert set(known) == {"symbol", "unit"}
    assert set(known["symbol"]) >= {"ACME", "GLOBEX"}
    assert "eur" in known["unit"]


def test_requests_ask_for_what_the_handler_knows(route) -> None:
    draw = requests(route, Config())
    paths = Counter(draw(RandomChoices(seed)).path for seed in range(200))
    assert paths["/shares/ACME"] > 10
    assert paths["/shares/GLOBEX"] > 10
    assert len(paths) > 20
