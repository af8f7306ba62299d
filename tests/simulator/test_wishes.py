"""Wishes, one after the other."""

from __future__ import annotations

from pytest_routes.simulator.wishes import Outcome, Pursuit, Wish, one_wish


def test_nothing_is_wished_for_and_the_clock_may_jump_as_often_as_needed() -> None:
    assert Wish() == (None, None, 0)


def test_what_came_of_it_stays_when_it_is_over() -> None:
    pursuit = Pursuit(one_wish(Wish()))
    assert pursuit.next_wish(None) == Wish()
    for outcome in (Outcome.DEADLOCK, Outcome.REACHED):
        assert pursuit.next_wish(outcome) is None
        assert (pursuit.over, pursuit.result()) == (True, Outcome.DEADLOCK)
