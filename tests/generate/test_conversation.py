"""What is drawn of a conversation: who comes, who says what, and when it ends."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from pytest_routes.generate import actions
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.conversation import DrawnScript, Plan
from pytest_routes.simulator.conversation import Handshake, Leave, Message, Open, Send, Step, Vanish
from pytest_routes.simulator.transcript import Transcript, Vanished


def drawn(seed: int, **options: Any) -> list[Step]:
    """The steps of one conversation in which no two messages are the same by chance."""
    numbers = count()
    plan = Plan(
        handshake=lambda *_: Handshake("/ws"),
        message=lambda *_: Message("text", str(next(numbers))),
        **options,
    )
    script = DrawnScript(RandomChoices(seed), plan)
    transcript = Transcript()
    while (step := script.next_step(transcript)) is not None:
        transcript.steps.append(step)
        if isinstance(step, Leave | Vanish):
            transcript.events.append(Vanished(time=0, client=step.client))
    return transcript.steps


CONVERSATIONS = [drawn(seed, max_clients=2) for seed in range(400)]
PAIRS = [steps for steps in CONVERSATIONS if sum(isinstance(step, Open) for step in steps) == 2]


@pytest.mark.parametrize("table", ["SOLO", "PAIR", "LONG", "LONG_PAIR", "TURNS", "DUEL"])
def test_an_action_is_a_single_choice(table: str) -> None:
    assert len(getattr(actions, table)) == 64


def test_many_conversations_have_two_clients_that_both_talk() -> None:
    both = [
        steps
        for steps in PAIRS
        if {step.client for step in steps if isinstance(step, Send)} == {0, 1}
    ]
    assert len(PAIRS) > len(CONVERSATIONS) / 3
    assert len(both) > len(PAIRS) / 2


def test_the_second_client_often_comes_before_anything_is_said() -> None:
    at_once = [steps for steps in PAIRS if isinstance(steps[1], Open)]
    assert len(PAIRS) / 3 < len(at_once) < len(PAIRS)


def test_a_client_now_and_then_says_what_the_other_one_has_said_last() -> None:
    repeated = 0
    for steps in PAIRS:
        said: dict[int, Message] = {}
        for step in steps:
            if isinstance(step, Send):
                repeated += step.message == said.get(1 - step.client)
                said[step.client] = step.message
    assert repeated > len(PAIRS) / 4


def test_one_client_stays_alone_where_no_more_are_allowed() -> None:
    for seed in range(100):
        assert {step.client for step in drawn(seed, max_clients=1) if isinstance(step, Open)} == {0}


def test_no_more_is_said_than_is_allowed() -> None:
    for seed in range(100):
        steps = drawn(seed, max_clients=2, max_messages=3)
        assert sum(isinstance(step, Send) for step in steps) <= 3


def test_in_some_conversations_the_second_client_says_as_much_as_the_first() -> None:
    long = 0
    for steps in PAIRS:
        said = [step.client for step in steps if isinstance(step, Send)]
        long += len(said) >= 6 and said.count(1) >= 0.4 * len(said)
    assert long > 0.3 * len(PAIRS)
