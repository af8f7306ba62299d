"""What the server hears of an application's log and of its loop's exception handler."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.simulator.loop import SimulatedLoop
from pytest_routes.simulator.observers import LogObserver, loop_error
from pytest_routes.simulator.tasks import FollowedTask, current_connection
from pytest_routes.simulator.transcript import Logged, LoopError

if TYPE_CHECKING:
    from pytest_routes.simulator.transcript import Event


class Owner:
    """A connection, as far as it is asked."""

    client = 3
    close_reason = notice_reason = None


@pytest.fixture
def owner() -> Iterator[None]:
    token = current_connection.set(Owner())  # type: ignore[arg-type]
    yield
    current_connection.reset(token)


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    events: list[Event] = []
    with LogObserver(events.append, lambda: 1.5) as observer:
        assert isinstance(observer, LogObserver)
        yield events


def test_errors_are_heard_with_the_connection_that_they_belong_to(
    heard: list[Event], owner: None
) -> None:
    failure = KeyError("a")
    logging.getLogger("shop").error("no %s", "stock", exc_info=failure)
    (event,) = heard
    assert isinstance(event, Logged)
    assert (event.time, event.client, event.logger) == (1.5, 3, "shop")
    assert (event.message, event.exception) == ("no stock", failure)


def test_errors_of_nobody_are_heard_too(heard: list[Event]) -> None:
    logging.getLogger("shop").critical("down")
    assert [each.client for each in heard] == [-1]


@pytest.mark.parametrize(
    ("name", "level"), [("shop", logging.WARNING), ("asyncio", 40), ("pytest_routes.x", 40)]
)
def test_what_is_no_error_or_not_the_applications_is_not_heard(
    heard: list[Event], name: str, level: int
) -> None:
    logging.getLogger(name).log(level, "well")
    assert heard == []


def test_a_message_that_does_not_fit_its_arguments_is_heard_as_it_is(heard: list[Event]) -> None:
    logging.getLogger("shop").makeRecord("shop", 40, "f", 1, "%d pieces", ("x",), None)
    assert [each.message for each in heard] == ["%d pieces"]  # type: ignore[attr-defined]


def test_a_factory_of_the_applications_own_stays() -> None:
    before = logging.getLogRecordFactory()

    def own(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return logging.LogRecord(*args, **kwargs)

    try:
        with LogObserver([].append, lambda: 0.0):
            logging.setLogRecordFactory(own)
        assert logging.getLogRecordFactory() is own
    finally:
        logging.setLogRecordFactory(before)
    with LogObserver([].append, lambda: 0.0):
        pass
    assert logging.getLogRecordFactory() is before


def test_the_loops_complaints_are_told_with_their_connection(owner: None) -> None:
    failure = LookupError()
    told = loop_error({"message": "broken", "exception": failure}, 2.0)
    assert told == LoopError(time=2.0, client=3, message="broken", exception=failure)


def test_the_loops_complaints_may_belong_to_nobody() -> None:
    told = loop_error({}, 2.0)
    assert told == LoopError(time=2.0, client=-1, message="", exception=None)


@pytest.mark.parametrize("place", ["task", "future"])
def test_a_task_that_is_followed_is_told_of_when_it_is_judged(place: str) -> None:
    async def nothing() -> None:
        pass

    loop = SimulatedLoop()
    task = FollowedTask(nothing(), loop=loop)
    never = "Task exception was never retrieved"
    assert loop_error({"message": never, place: task}, 0.0) is None
    destroyed = loop_error({"message": "Task was destroyed but it is pending!", place: task}, 0.0)
    assert destroyed is not None
    future: asyncio.Future[None] = loop.create_future()
    assert loop_error({"message": never, place: future}, 0.0) is not None
    loop.drive(task.done)
    loop.selector.loop = None
    loop.close()
