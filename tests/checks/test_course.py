"""Who had done what when something happened."""

from __future__ import annotations

import pytest

from pytest_routes.checks.context import Context
from pytest_routes.checks.course import Course, how_left
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import (
    Accepted,
    Blocked,
    Closed,
    Dropped,
    Event,
    Left,
    Opened,
    Raised,
    Sent,
    Taken,
    Told,
    Transcript,
    Undelivered,
    Vanished,
)


def at(client: int) -> dict[str, float | int]:
    return {"time": 0.0, "client": client}


def opened(client: int) -> Opened:
    return Opened(**at(client), handshake=Handshake("/"))


def sent(client: int, index: int, text: str = "") -> Sent:
    return Sent(**at(client), message=Message("text", text), index=index)


def raised(client: int) -> Raised:
    return Raised(**at(client), exception=ValueError(), connected=True)


def course(*events: Event) -> Course:
    return Course(Transcript(events=list(events)), Context())


def test_before_and_after_an_event_are_the_nearest_of_its_client_without_itself() -> None:
    first, other, second, others, third = (
        sent(client, index) for client, index in ((0, 1), (1, 1), (0, 2), (1, 2), (0, 3))
    )
    talk = course(opened(0), opened(1), first, other, second, others, third)
    assert [talk.before(each, Sent) for each in (first, second, third)] == [None, first, second]
    assert [talk.after(each, Sent) for each in (first, second, third)] == [second, third, None]
    assert [talk.before(each, Sent) for each in (other, others)] == [None, other]


def test_what_belongs_to_nobody_known_belongs_to_who_did_something_last() -> None:
    early, late = raised(-1), raised(7)
    talk = course(opened(0), early, opened(1), sent(1, 1), Blocked(**at(-1), seconds=1.0), late)
    assert (talk.client_of(early), talk.client_of(late)) == (0, 1)
    alone = raised(7)
    assert course(alone, opened(0)).client_of(alone) == 0


def test_the_last_message_is_the_one_that_was_taken_last() -> None:
    end = raised(0)
    messages = [sent(0, index, f"{index}") for index in (1, 2, 3)]
    taken = [Taken(**at(client), index=index) for client, index in ((0, 1), (0, 2), (1, 3))]
    talk = course(opened(0), opened(1), *messages, *taken, end)
    assert (talk.taken(end), talk.last_taken(end)) == (2, Message("text", "2"))
    nothing = course(opened(0), *messages, end)
    assert (nothing.taken(end), nothing.last_taken(end)) == (0, None)


@pytest.mark.parametrize(
    ("departure", "told"),
    [
        (Left(**at(0), code=1001), "after the client left with close code 1001"),
        (Vanished(**at(0)), "after the client's connection was lost"),
        (None, ""),
    ],
)
def test_a_departure_is_the_clients_own(departure: Left | Vanished | None, told: str) -> None:
    end, others_end = raised(0), raised(1)
    went = () if departure is None else (departure,)
    talk = course(opened(0), opened(1), *went, end, others_end)
    assert talk.departure(end) is departure
    assert talk.departure(others_end) is None
    assert talk.other_departure(others_end) is departure
    assert talk.other_departure(end) is None
    assert how_left(talk.departure(end)) == told


def test_of_other_clients_that_left_the_last_one_before_counts() -> None:
    lefts = [Left(**at(client), code=1000) for client in (1, 2, 3)]
    end = raised(0)
    talk = course(*map(opened, range(4)), *lefts[:2], end, lefts[2])
    assert talk.other_departure(end) is lefts[1]


@pytest.mark.parametrize(
    ("event", "noticed"),
    [
        (Told(**at(0)), True),
        (Undelivered(**at(0), sender=0), True),
        (Told(**at(1)), False),
        (Left(**at(0), code=1000), False),
    ],
)
def test_a_departure_is_noticed_when_it_was_told_or_a_send_had_failed(
    event: Event, noticed: bool
) -> None:
    end = raised(0)
    assert course(opened(0), opened(1), event, end).noticed(end) is noticed


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ((), (), None),
        ((), (Dropped(**at(0), code=1006),), 1006),
        ((), (Closed(**at(0), code=1011), Dropped(**at(0), code=1006)), 1011),
        ((Closed(**at(0), code=4000),), (Dropped(**at(0), code=1006),), 4000),
        ((Closed(**at(1), code=4000),), (), None),
    ],
)
def test_the_client_sees_the_close_or_else_the_drop(
    before: tuple[Event, ...], after: tuple[Event, ...], code: int | None
) -> None:
    end = raised(0)
    talk = course(opened(0), opened(1), Accepted(**at(0)), *before, end, *after)
    assert talk.seen_code(end) == code
