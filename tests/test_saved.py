"""Failures in an example database: what is kept, for how long, and what is had again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from checks.conversing import Leave, accepting, opened, said
from hypothesis.database import InMemoryExampleDatabase

from pytest_routes.checks import Context, judge
from pytest_routes.config.model import Config
from pytest_routes.routes.model import Route
from pytest_routes.run.saved import SavedFailures
from pytest_routes.search import Found
from pytest_routes.simulator.conversation import Recorded
from pytest_routes.simulator.server import Server
from pytest_routes.websocket.engine import Engine, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUTE = Route("websocket", "/ws")
CONFIG = Config(app="myapp:app")


class App:
    """Raises what `broken` says for a message."""

    def __init__(self) -> None:
        self.broken: dict[str, type[Exception]] = {"a": KeyError, "b": ValueError}

    async def handle(self, receive: Any, _: Any) -> None:
        while (event := await receive())["type"] == "websocket.receive":
            if event["text"] in self.broken:
                raise self.broken[event["text"]]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def server(app: App) -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        server.start(accepting(app.handle))
        yield server
        server.stop()
    server.close()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def saved(complaints: list[str]) -> SavedFailures:
    return SavedFailures(InMemoryExampleDatabase(), complaints.append)


def failing(server: Server, *words: str) -> Found:
    """What is found when a client says these words."""
    steps = (opened(), *map(said, words), Leave(0))
    transcript = Engine(server, Limits()).run(Recorded(steps))
    (finding,) = judge(transcript, {}, Context())
    return Found(finding, 1)


def values(saved: SavedFailures) -> list[bytes]:
    database = saved.database
    assert isinstance(database, InMemoryExampleDatabase)
    return [value for values in database.data.values() for value in values]


def raised(found: list[Found]) -> list[str]:
    return [type(each.finding.exception).__name__ for each in found]


def test_what_was_saved_is_had_again_with_the_seed_that_found_it(server, saved) -> None:
    saved.save(failing(server, "a"), ROUTE, CONFIG, seed=5)
    count, found = saved.had_again(ROUTE, server, CONFIG)
    assert (count, raised(found)) == (1, ["KeyError"])
    assert (found[0].sequence, found[0].saved_with) == (0, 5)
    saved.save(found[0], ROUTE, CONFIG, seed=9)
    assert saved.had_again(ROUTE, server, CONFIG)[1][0].saved_with == 5


def test_one_of_each_bug_is_kept_the_latest(server, saved) -> None:
    for words in (("x", "a"), ("b",), ("a",)):
        saved.save(failing(server, *words), ROUTE, CONFIG, seed=5)
    assert len(values(saved)) == 2
    _, found = saved.had_again(ROUTE, server, CONFIG)
    assert sorted(raised(found)) == ["KeyError", "ValueError"]
    assert all(b'"x"' not in value for value in values(saved))


def test_other_routes_and_other_applications_have_their_own(server, saved) -> None:
    saved.save(failing(server, "a"), ROUTE, CONFIG, seed=5)
    assert saved.had_again(replace(ROUTE, path="/other"), server, CONFIG) == (0, [])
    assert saved.had_again(ROUTE, server, Config(app="other:app")) == (0, [])


def test_what_is_fixed_is_forgotten(app, server, saved) -> None:
    saved.save(failing(server, "a"), ROUTE, CONFIG, seed=5)
    del app.broken["a"]
    assert saved.had_again(ROUTE, server, CONFIG) == (1, [])
    assert values(saved) == []


def test_what_fails_in_another_way_is_that_failure_from_now_on(app, server, saved) -> None:
    saved.save(failing(server, "a"), ROUTE, CONFIG, seed=5)
    app.broken["a"] = ZeroDivisionError
    _, found = saved.had_again(ROUTE, server, CONFIG)
    assert raised(found) == ["ZeroDivisionError"]
    assert values(saved) == []


def test_what_cannot_be_read_is_left_for_those_who_can(server, saved) -> None:
    saved.save(failing(server, "a"), ROUTE, CONFIG, seed=5)
    (key,) = saved.database.data
    later = values(saved)[0].replace(b'"version": 1', b'"version": 2')
    for value in (later, b"\xff", b"[]"):
        saved.database.save(key, value)
    assert saved.had_again(ROUTE, server, CONFIG)[0] == 1
    assert len(values(saved)) == 4


def test_secrets_are_not_in_the_database(server, saved) -> None:
    secret = "s3cr3t-t0ken"
    config = Config(app="myapp:app", auth={"credentials": f"bearer:{secret}"})
    saved.save(failing(server, secret, "a"), ROUTE, config, seed=5)
    assert all(secret.encode() not in value for value in values(saved))
    assert raised(saved.had_again(ROUTE, server, config)[1]) == ["KeyError"]
    assert saved.had_again(ROUTE, server, CONFIG) == (0, [])
    assert len(values(saved)) == 1


def test_a_database_that_fails_is_complained_of(server, complaints) -> None:
    class Away(InMemoryExampleDatabase):
        def fetch(self, *_):
            raise OSError("no route to host")

        save = delete = fetch

    saved = SavedFailures(Away(), complaints.append)
    saved.save(failing(server, "a"), ROUTE, CONFIG, seed=5)
    assert saved.had_again(ROUTE, server, CONFIG) == (0, [])
    assert set(complaints) == {"the example database cannot be used: OSError: no route to host"}
