"""What a single client has said, said by two at the same moment.

Races need two clients that do the same, each as the first, while the server still waits for
something on behalf of the other: to draw this by chance takes too many conversations. So a
conversation that came to something new is led again, with a second client that says its last
message just after the first, before there is an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.actions import (
    DUEL,
    FIRST,
    LONG,
    MESSAGES,
    RACE,
    SEND,
    SOLO,
    STYLES,
    WAIT,
)

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Made

_SAME = (0,)


def twin(made: Made, *, same: bool = True) -> Made | None:
    """The choices of a conversation whose last message two clients say at the same moment.

    `same`: the second client says the very same; otherwise anything. None where `made` is not of
    a client that was alone from the beginning, and said something last.
    """
    opening, *steps = made
    style = STYLES[opening[0]] if opening and opening[0] < len(STYLES) else None
    if style not in (SOLO, LONG) or not steps:
        return None
    actions = [style[step[0]][0] if step and step[0] < len(style) else None for step in steps]
    if actions[-1] not in MESSAGES or not MESSAGES.union({WAIT}).issuperset(actions):
        return None
    send, race = DUEL.index((SEND, FIRST)), DUEL.index((RACE, FIRST))
    led = [
        (step[0] if action == WAIT else send, *step[1:])
        for step, action in zip(steps, actions, strict=True)
    ]
    led[-1] = (race, *led[-1][1:])
    # Both come the same way: with the same parameters, to the same room.
    begin = ((STYLES.index(DUEL), *opening[1:]), (0, *opening[1:]))
    return (*begin, *led, *((_SAME,) if same else ()))
