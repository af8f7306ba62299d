"""What is mined of handlers that keep objects on the connection, and of idioms around them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from apps.generation import kept
from starlette.applications import Starlette

from pytest_routes.generate.vocabulary import Site, Term, mine
from pytest_routes.generate.vocabulary.separators import between
from pytest_routes.routes import discover

if TYPE_CHECKING:
    from collections.abc import Iterator


def site_of(handler: Any) -> Site:
    (site,) = mine(handler).sites
    return site


def discovered(name: str) -> Site:
    (route,) = (r for r in discover(kept.APPS[name]).routes if r.kind == "websocket")
    assert route.handler is not None
    (site,) = mine(route.handler, route.dependencies).sites
    return site


def field(term: Term, *names: str) -> Term:
    for name in names:
        term = term.children["field", name]
    return term


def json_of(site: Site) -> Term:
    return site.term.children["json", None]


def test_an_object_in_the_state_of_a_connection_is_found_there_again() -> None:
    message = json_of(discovered("state_of_listener"))
    assert field(message, "order").values == ["fill", "drain"]
    assert field(message, "through").values == ["overflow"]


def test_what_the_accept_handler_keeps_is_known_to_the_listener() -> None:
    assert field(json_of(discovered("accept_handler")), "band").values == ["fm", "am", "dab"]


def test_what_is_put_into_the_scope_is_found_there_again() -> None:
    (words,) = discovered("scope_of_endpoint").term.of("split")
    assert words.children["index", 0].values == ["PEN", "MOVE"]


class _Cell:
    def put(self, data: Any) -> None:
        if data["style"] == "bold":
            print(data)


async def _scope_get(ws: Any) -> None:
    ws.scope["cell"] = _Cell()
    while True:
        ws.scope.get("cell").put(await ws.receive_json())


async def _state_item(ws: Any) -> None:
    ws.state["cell"] = _Cell()
    while True:
        ws.state["cell"].put(await ws.receive_json())


async def _state_of_scope(ws: Any) -> None:
    ws.state.cell = _Cell()
    while True:
        ws.scope["state"]["cell"].put(await ws.receive_json())


async def _own_attribute(ws: Any) -> None:
    ws.cell = _Cell()
    while True:
        ws.cell.put(await ws.receive_json())


def test_all_the_places_on_a_connection_are_known() -> None:
    for handler in (_scope_get, _state_item, _state_of_scope, _own_attribute):
        assert field(site_of(handler).term, "style").values == ["bold"], handler


async def _by_app(websocket: Any) -> None:
    while True:
        websocket.app.state.cell.put(await websocket.receive_json())


async def _by_scope(websocket: Any) -> None:
    cell = websocket.scope["app"].state.cell
    while True:
        cell.put(await websocket.receive_json())


app = Starlette()
app.state.cell = _Cell()


def test_what_stands_in_the_state_of_the_application_is_known() -> None:
    for handler in (_by_app, _by_scope):
        assert field(site_of(handler).term, "style").values == ["bold"], handler


class _Lamp:
    def __init__(self) -> None:
        self._colour = "red"

    @property
    def colour(self) -> str:
        return self._colour

    @colour.setter
    def colour(self, wanted: str) -> None:
        if wanted not in ("red", "green"):
            raise ValueError(wanted)
        self._colour = wanted


async def _set(ws: Any) -> None:
    lamp = _Lamp()
    while True:
        data = await ws.receive_json()
        lamp.colour = data["colour"]


def test_what_a_setter_asks_is_asked_of_what_is_assigned() -> None:
    site = site_of(_set)
    assert field(site.term, "colour").values == ["red", "green"]


def _cleaned(line: str) -> Iterator[str]:
    for word in line.split(","):
        yield word.strip()


def _each(line: str) -> Iterator[str]:
    yield from line.split(",")


async def _generated(ws: Any) -> None:
    while True:
        first, *_ = [*_cleaned(await ws.receive_text())]
        if first == "on":
            print(first)


async def _delegated(ws: Any) -> None:
    while True:
        first, second = _each(await ws.receive_text())
        if first == "on":
            print(second)


def test_a_generator_of_the_words_of_a_text_stands_for_the_words() -> None:
    for handler in (_generated, _delegated):
        (words,) = site_of(handler).term.of("split")
        assert words.key == ","
        assert words.children["index", 0].values == ["on"], handler


def _moved(x: Any, y: Any) -> None:
    if x > 8 or y == "home":
        print(x, y)


async def _spread(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        _moved(*(data[name] for name in ("x", "y")))


def test_arguments_that_are_spread_go_to_their_parameters() -> None:
    term = site_of(_spread).term
    assert field(term, "x").bounds == [8]
    assert field(term, "y").values == ["home"]


_WORD = re.compile(r"(?P<name>[a-z]+)\s*:\s*(\d+)")


async def _paired(ws: Any) -> None:
    while True:
        command, *rest = (await ws.receive_text()).split()
        options = {}
        for word in rest:
            found = _WORD.fullmatch(word)
            if found:
                options[found["name"]] = found[2]
        if command == "run" and "speed" in options:
            print(options["speed"])


def test_a_pattern_of_a_name_and_a_value_makes_members() -> None:
    (words,) = site_of(_paired).term.of("split")
    (pairs,) = words.of("pairs")
    assert pairs.key == (None, ":")
    assert [term.key for term in pairs.of("field")] == ["speed"]


def test_what_stands_between_a_name_and_its_value_is_read_from_the_pattern() -> None:
    def written(pattern: str, name: object = 1) -> Any:
        return between(Term("group", pattern, Term("item")), name)

    assert written(r"([A-Z])(-?\d+)") == ""
    assert written(r"(\w+)=(.*)") == "="
    assert written(r"(?P<key>\w+)\s*->\s*(?P<value>\w+)", "key") == "->"
    assert written(r"(\w+)\.(\d+)") == "."
    assert written(r"(\d+)x(\w+)") is None
    assert written(r"(\w+)=(.*)", 2) is None
    assert written(r"(\w+)") is None


class _Deck:
    size = 52

    def __init__(self) -> None:
        self.left = 52

    def deal(self, data: Any) -> None:
        print(data["count"])


async def _by_name(ws: Any) -> None:
    deck = _Deck()
    while True:
        data = json.loads(await ws.receive_text())
        getattr(deck, data["call"])(data)


def test_an_attribute_that_is_no_method_is_no_command() -> None:
    asked = [c.values for s in site_of(_by_name).shapes for c in s.conditions if c.holds]
    assert ("deal",) in asked
    assert ("size",) not in asked
    assert ("left",) not in asked


async def _different(ws: Any) -> None:
    while True:
        names = (await ws.receive_json())["names"]
        if isinstance(names, list) and len({*names}) == len(names):
            print(names)


async def _different_set(ws: Any) -> None:
    while True:
        names = (await ws.receive_json())["names"]
        if len(names) != len(set(names)):
            continue


def test_items_that_must_differ_are_known() -> None:
    assert "distinct" in field(site_of(_different).term, "names").uses
    assert "distinct" in field(site_of(_different_set).term, "names").uses
