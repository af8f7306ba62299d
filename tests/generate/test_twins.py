"""Conversations of one client, led again by two."""

from __future__ import annotations

import pytest

from pytest_routes.generate.actions import DUEL, FIRST, HURRY, LONG, PAIR, SEND, SOLO, STYLES, WAIT
from pytest_routes.generate.choices import Choices, KnownChoices, Made
from pytest_routes.generate.conversation import DrawnScript, Plan
from pytest_routes.generate.twins import twin
from pytest_routes.simulator.conversation import Handshake, Message, Open, Send, Step, Wait
from pytest_routes.simulator.transcript import Transcript


def handshake(choices: Choices, _: Transcript) -> Handshake:
    return Handshake(f"/room/{choices.index(9)}")


def message(choices: Choices, _: Transcript, __: int) -> Message:
    return Message("text", f"say {choices.index(50)}")


PLAN = Plan(handshake=handshake, message=message, max_clients=2)


def steps_of(made: Made, number: int) -> list[Step]:
    """The first steps of the conversation that comes of these choices."""
    script = DrawnScript(KnownChoices(made), PLAN)
    found = [script.next_step(Transcript()) for _ in range(number)]
    return [step for step in found if step is not None]


def opening(style: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    return (STYLES.index(style), 0, 4)


def said(style: tuple[tuple[int, int], ...], number: int) -> tuple[int, ...]:
    return (style.index((SEND, FIRST)), number)


@pytest.mark.parametrize("style", [SOLO, LONG])
def test_the_second_client_comes_to_the_same_place_and_says_the_last_message_at_once(style) -> None:
    made = twin((opening(style), said(style, 7), said(style, 30)))
    assert made is not None
    first, second, *talk = steps_of(made, 5)
    assert isinstance(first, Open)
    assert isinstance(second, Open)
    assert (first.handshake.path, second.handshake.path) == ("/room/4", "/room/4")
    assert talk == [
        Send(0, Message("text", "say 7"), settle=True),
        Send(0, Message("text", "say 30"), settle=False),
        Send(1, Message("text", "say 30"), settle=True),
    ]


def test_silences_stay_and_hurry_is_left_out() -> None:
    wait = (SOLO.index((WAIT, FIRST)), 2)
    hurry = (SOLO.index((HURRY, FIRST)), 9)
    made = twin((opening(SOLO), wait, hurry, said(SOLO, 1)))
    assert made is not None
    _, _, silence, hurried, *race = steps_of(made, 6)
    assert silence == Wait(31.0)
    assert hurried == Send(0, Message("text", "say 9"), settle=True)
    assert [step.client for step in race if isinstance(step, Send)] == [0, 1]


def test_the_other_client_may_say_anything() -> None:
    made = twin((opening(SOLO), said(SOLO, 5)), same=False)
    assert made is not None
    assert steps_of((*made, (1, 44)), 4)[-1] == Send(1, Message("text", "say 44"), settle=True)


@pytest.mark.parametrize(
    "made",
    [
        (opening(SOLO),),
        (opening(PAIR), said(PAIR, 1)),
        (opening(DUEL), said(DUEL, 1)),
        (opening(SOLO), (SOLO.index((WAIT, FIRST)), 1)),
        (opening(SOLO), (0,), said(SOLO, 1)),
        (opening(SOLO), (), said(SOLO, 1)),
        ((), said(SOLO, 1)),
        ((63,), said(SOLO, 1)),
        (opening(SOLO), (63 + 1, 1)),
    ],
)
def test_what_was_not_said_by_a_client_alone_has_no_twin(made: Made) -> None:
    assert twin(made) is None
