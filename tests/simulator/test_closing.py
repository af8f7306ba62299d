"""Which exceptions came before a close, and before the news that the client has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from pytest_routes.simulator.closing import before_notice, has_brought_close
from pytest_routes.simulator.tasks import current_connection


class Owner:
    """A connection, as far as it is asked."""

    def __init__(self) -> None:
        self.close_reason: BaseException | None = None
        self.notice_reason: BaseException | None = None


@pytest.fixture
def owner() -> Iterator[Owner]:
    owner = Owner()
    token = current_connection.set(owner)  # type: ignore[arg-type]
    yield owner
    current_connection.reset(token)


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """The exception, raised from another one."""
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def in_handling_of(context: BaseException, error: BaseException) -> BaseException:
    """The exception, raised while another one was handled."""
    try:
        try:
            raise context
        except BaseException:
            raise error  # noqa: B904
    except BaseException as caught:
        return caught


def test_without_a_connection_nothing_was_closed() -> None:
    assert current_connection.get() is None
    assert not has_brought_close(KeyError())
    assert before_notice(KeyError()) is None


def test_what_was_handled_at_the_close_has_brought_it(owner: Owner) -> None:
    reason, other = KeyError("a"), KeyError("a")
    assert not has_brought_close(reason)
    owner.close_reason = reason
    assert has_brought_close(reason)
    assert not has_brought_close(other)
    assert not has_brought_close(None)


def test_what_was_raised_from_it_has_too(owner: Owner) -> None:
    reason = KeyError("a")
    owner.close_reason = reason
    assert has_brought_close(raised(RuntimeError(), raised(ValueError(), reason)))
    assert not has_brought_close(in_handling_of(reason, RuntimeError()))


def test_a_group_has_by_any_of_its_members(owner: Owner) -> None:
    reason = KeyError("a")
    owner.close_reason = reason
    assert has_brought_close(ExceptionGroup("tasks", [ValueError(), reason]))
    assert not has_brought_close(ExceptionGroup("tasks", [ValueError()]))


def test_the_cancellation_of_a_task_group_stands_for_the_group(owner: Owner) -> None:
    cancellation, other = asyncio.CancelledError(), LookupError()
    owner.close_reason = cancellation
    assert has_brought_close(in_handling_of(cancellation, ExceptionGroup("t", [KeyError()])))
    owner.close_reason = other
    assert not has_brought_close(in_handling_of(other, ExceptionGroup("t", [KeyError()])))


def test_exceptions_that_lead_in_a_circle_come_to_an_end(owner: Owner) -> None:
    one, two = KeyError("a"), KeyError("b")
    one.__cause__, two.__cause__ = two, one
    one.__context__, two.__context__ = two, one
    owner.close_reason = owner.notice_reason = ValueError()
    assert not has_brought_close(one)
    assert before_notice(one) is None


def test_what_was_handled_when_the_news_came_was_before_it(owner: Owner) -> None:
    reason = KeyError("a")
    later = in_handling_of(reason, RuntimeError())
    assert before_notice(later) is None
    owner.notice_reason = reason
    assert before_notice(reason) is reason
    assert before_notice(later) is reason
    assert before_notice(KeyError("a")) is None
