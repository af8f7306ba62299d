"""What counts as an answer without an end, and how much of it is kept."""

from __future__ import annotations

import pytest

from pytest_routes.simulator.backlog import Backlog

MOST = 64 * 2**20


def after(messages: int, size: int = 0) -> Backlog:
    backlog = Backlog()
    for _ in range(messages):
        backlog.add(5.0, size)
    return backlog


def test_nothing_was_sent_at_first() -> None:
    backlog = Backlog()
    assert (backlog.messages, backlog.size, backlog.overflows) == (0, 0, False)


@pytest.mark.parametrize(("messages", "overflows"), [(10_000, False), (10_001, True)])
def test_ten_thousand_messages_are_taken(messages: int, overflows: bool) -> None:
    assert after(messages).overflows is overflows


@pytest.mark.parametrize(("messages", "recorded"), [(2_000, True), (2_001, False)])
def test_of_many_messages_the_first_two_thousand_are_recorded(
    messages: int, recorded: bool
) -> None:
    assert after(messages - 1).add(5.0, 0) is recorded


@pytest.mark.parametrize(("size", "recorded"), [(MOST, True), (MOST + 1, False)])
def test_a_message_that_is_too_large_to_be_taken_is_not_recorded(size: int, recorded: bool) -> None:
    assert Backlog().add(5.0, size) is recorded


@pytest.mark.parametrize(("pause", "counted"), [(0.0009, (2, 12)), (0.001, (1, 5)), (0.5, (1, 5))])
def test_a_millisecond_between_two_messages_is_time_that_passes(
    pause: float, counted: tuple[int, int]
) -> None:
    backlog = Backlog()
    backlog.add(0.0, 7)
    backlog.add(pause, 5)
    assert (backlog.messages, backlog.size) == counted
