"""Members without which a handler refuses a message: they are there in nearly every message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes.model import Route
from pytest_routes.simulator.transcript import Transcript

NEEDED = ("vessel", "berth")


class Refused(Exception):
    pass


def _listed(data: Any) -> Any:
    missing = [name for name in NEEDED if name not in data]
    if missing:
        return {"error": f"missing: {missing}"}
    return data.get("vessel")


def _got(data: Any) -> Any:
    if absent := [name for name in NEEDED if not data.get(name)]:
        return {"error": absent}
    return data["vessel"]


def _all(data: Any) -> Any:
    if not all(name in data for name in NEEDED):
        return {"error": "incomplete"}
    return data["vessel"]


def _any(data: Any) -> Any:
    if any(name not in data for name in NEEDED):
        return {"error": "incomplete"}
    return data["vessel"]


def _subtracted(data: Any) -> Any:
    left = {"vessel", "berth"} - data.keys()
    if left:
        return {"error": "incomplete"}
    return data.get("vessel")


def _one_by_one(data: Any) -> Any:
    vessel, berth = data.get("vessel"), data.get("berth")
    if vessel is None or not berth:
        return {"error": "vessel and berth, please"}
    return data.get("colour", "red")


@pytest.mark.parametrize("answer", [_listed, _got, _all, _any, _subtracted, _one_by_one])
def test_members_without_which_there_is_an_error_are_needed(answer: Any) -> None:
    async def handler(ws: Any) -> None:
        while True:
            await ws.send_json(answer(await ws.receive_json()))

    (site,) = mine(handler).sites
    assert {t.key for t in site.shapes[0].needed} == set(NEEDED)


def _values(data: Any, *names: str) -> list[Any]:
    missing = [name for name in names if not data.get(name)]
    if missing:
        raise Refused(missing)
    return [data[name] for name in names]


def _handled(data: Any) -> Any:
    if data["do"] == "moor":
        vessel, berth = _values(data, "vessel", "berth")
        return vessel == berth
    if data["do"] == "hail":
        (vessel,) = _values(data, "vessel")
        return data.get("berth", vessel)
    return None


async def _harbour(ws: Any) -> None:
    while True:
        try:
            await ws.send_json(_handled(await ws.receive_json()))
        except Refused as error:
            await ws.send_json({"error": str(error)})


async def _careless(ws: Any) -> None:
    while True:
        await ws.send_json(_handled(await ws.receive_json()))


def test_each_command_has_its_own_needs() -> None:
    (site,) = mine(_harbour).sites
    needs = {
        c.values: {t.key for t in shape.needed}
        for shape in site.shapes
        for c in shape.conditions
        if c.term.key == "do"
    }
    assert needs == {("moor",): {"vessel", "berth"}, ("hail",): {"vessel"}}


def test_what_ends_in_an_exception_that_nobody_handles_is_worth_trying() -> None:
    (site,) = mine(_careless).sites
    assert all(not shape.needed for shape in site.shapes)


def test_what_is_needed_is_nearly_always_there() -> None:
    source = message_source(Route("websocket", "/ws", handler=_harbour))
    choices = RandomChoices(1)
    made = [source.message(choices, Transcript(), 0).data for _ in range(900)]
    moors = [json.loads(text) for text in made if text.startswith('{"do": "moor"')]
    complete = [m for m in moors if m.get("vessel") and m.get("berth")]
    assert 50 < len(complete) < len(moors)
    assert len(complete) > 0.8 * len(moors)
