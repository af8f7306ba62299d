"""Draws a conversation step by step, knowing what was said so far.

One choice decides what happens next, looked up in a table. Whether a conversation goes on is
decided again before every step, so that Hypothesis can delete any step from it and what
remains is still a conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.generate.actions import (
    CROSS,
    DUEL,
    END,
    LEAVE,
    LONG_PAIR,
    MESSAGES,
    OPEN,
    PAIR,
    RACE,
    SAME,
    SEND,
    SOLO,
    STYLES,
    TURNS,
    WAIT,
)
from pytest_routes.generate.choices import Choices, pick
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Send,
    Step,
    Vanish,
    Wait,
)
from pytest_routes.simulator.transcript import (
    Closed,
    Dropped,
    Left,
    Raised,
    Refused,
    Returned,
    Transcript,
    Vanished,
)

if TYPE_CHECKING:
    from pytest_routes.simulator.transcript import Event

Handshakes: TypeAlias = Callable[[Choices, Transcript], Handshake]
Messages: TypeAlias = Callable[[Choices, Transcript, int], Message]
"""What the given client says next."""

SILENCES = (1.0, 6.0, 31.0, 61.0, 301.0, 3601.0, 3601.0, 86401.0)
"""Seconds of silence that may be kept: just over the usual heartbeats and idle time-outs. A long
one reaches whatever a shorter one does, so there are many of them."""
SHORT_SILENCES = (0.01, 0.05)
"""Those that are kept when time is real."""

# How a client opens: mostly it waits for the answer and reads what it gets.
_USUAL, _IN_A_HURRY, _SLOW = range(3)
_SCHEDULES = 1_000
_OPENINGS = (_USUAL,) * 10 + (_SLOW,) * 5 + (_IN_A_HURRY,)

_ENDINGS = (Closed, Dropped, Refused, Returned, Left, Vanished)
_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """What the conversations of one route are made of."""

    handshake: Handshakes
    message: Messages
    first_message: Message | None = None
    """What every client says first (a token, say)."""
    max_messages: int = 10
    max_clients: int = 1
    close_codes: Sequence[int] = (1000, 1001)
    silences: Sequence[float] = SILENCES
    reorder: bool = False
    """The order in which ready tasks run is drawn too."""


class DrawnScript:
    """A script that draws each step from `choices`."""

    def __init__(self, choices: Choices, plan: Plan) -> None:
        self._choices = choices
        self._plan = plan
        self._opened = 0
        self._talking: list[int] = []
        """The clients that are still connected, as far as the transcript tells."""
        self._introduced: set[int] = set()
        self._seen = 0
        self._messages = 0
        self._steps = 0
        self._ending = False
        self._actions = SOLO
        self._said: dict[int, Message] = {}
        """What each client has said last."""
        self._leaving: int | None = None
        """Who leaves next, whatever is drawn."""
        self._racing: int | None = None
        """Who says something next, whatever is drawn."""

    def next_step(self, transcript: Transcript) -> Step | None:
        self._catch_up(transcript.events)
        if self._opened == 0:
            self._actions = pick(self._choices, STYLES)
            return self._open(transcript)
        if not self._talking:
            return None
        self._choices.step(len(transcript.events))
        self._steps += 1
        if self._steps == 1 and self._meets_at_once():
            return self._open(transcript)
        leaving, self._leaving = self._leaving, None
        if leaving in self._talking:
            return self._depart(leaving)
        racing, self._racing = self._racing, None
        if racing in self._talking:
            same = self._choices.index(2) == 0
            message = self._said_by_other(racing) if same else None
            return self._send(racing, transcript, settle=True, message=message)
        if self._ending or self._steps > _MOST_STEPS * self._plan.max_messages:
            return self._depart(self._talking[0])
        action, who = self._action()
        if action == END:
            self._ending = True
            return self._depart(self._talking[0])
        if action == WAIT:
            return Wait(pick(self._choices, self._plan.silences))
        if action == OPEN:
            return self._open(transcript)
        client = self._talking[min(who, len(self._talking) - 1)]
        if action == SAME:
            return self._send(client, transcript, settle=True, message=self._said_by_other(client))
        if action == LEAVE:
            return self._depart(client, settle=self._choices.index(4) != 3)
        if action in (CROSS, RACE):
            other = next((each for each in self._talking if each != client), None)
            if action == CROSS:
                self._leaving = other
            else:
                self._racing = other
            return self._send(client, transcript, settle=other is None)
        return self._send(client, transcript, settle=action == SEND)

    def _action(self) -> tuple[int, int]:
        action, who = pick(self._choices, self._actions)
        if action == OPEN and self._opened >= self._plan.max_clients:
            action = SEND
        left = self._plan.max_messages - self._messages
        if action in MESSAGES and left <= 0:
            action = END
        elif action == RACE and left == 1:
            action = SEND
        return action, who

    def _meets_at_once(self) -> bool:
        """Whether the second client comes before the first one has said anything."""
        if self._actions not in (PAIR, LONG_PAIR, TURNS, DUEL) or self._plan.max_clients < 2:
            return False
        return self._choices.index(2) == 1 or self._actions is DUEL

    def _said_by_other(self, client: int) -> Message | None:
        return next((said for who, said in reversed(self._said.items()) if who != client), None)

    def _open(self, transcript: Transcript) -> Open:
        client = self._opened
        self._opened += 1
        self._talking.append(client)
        how = pick(self._choices, _OPENINGS)
        return Open(
            client,
            self._plan.handshake(self._choices, transcript),
            settle=how != _IN_A_HURRY,
            slow_reader=how == _SLOW,
            schedule=self._choices.index(_SCHEDULES) if client == 0 and self._plan.reorder else 0,
        )

    def _send(
        self,
        client: int,
        transcript: Transcript,
        *,
        settle: bool,
        message: Message | None = None,
    ) -> Send:
        self._messages += 1
        first = self._plan.first_message
        if first is not None and client not in self._introduced:
            self._introduced.add(client)
            return Send(client, first, settle)
        if message is None:
            message = self._plan.message(self._choices, transcript, client)
        self._said.pop(client, None)
        self._said[client] = message
        return Send(client, message, settle)

    def _depart(self, client: int, *, settle: bool = True) -> Leave | Vanish:
        codes = self._plan.close_codes
        chosen = self._choices.index(len(codes) + 1)
        if chosen < len(codes):
            return Leave(client, codes[chosen], settle=settle)
        return Vanish(client, settle)

    def _catch_up(self, events: Sequence[Event]) -> None:
        for position in range(self._seen, len(events)):
            event = events[position]
            over = isinstance(event, _ENDINGS) or (isinstance(event, Raised) and not event.hidden)
            if over and event.client in self._talking:
                self._talking.remove(event.client)
        self._seen = len(events)
