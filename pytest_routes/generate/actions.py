"""What may happen next in a conversation, and how often: tables to look its steps up in.

What happens and who does it, a position among the clients that are connected, are one choice, so
that a conversation in which a client is left out is drawn from the same choices. The tables are
alike but for their ends, for the same reason; the simplest, ending, comes first.
"""

from __future__ import annotations

END, SEND, HURRY, WAIT, OPEN, LEAVE, CROSS, SAME, RACE = range(9)
"""`OPEN` is a message of the second client once all are there; `CROSS` is a message that crosses
the other client's leaving, `SAME` says once more what the other client has said, `RACE` is a
message that the other client answers with one of its own before the server can."""
MESSAGES = frozenset({SEND, HURRY, CROSS, SAME, RACE})
FIRST, SECOND = 0, 1

_TALK = ((SEND, FIRST),) * 22 + ((HURRY, FIRST),) * 4 + ((WAIT, FIRST),) * 5 + ((SEND, FIRST),) * 2
SOLO = ((END, FIRST),) * 7 + _TALK + ((SEND, FIRST),) * 24
PAIR = (
    ((END, FIRST),) * 7
    + _TALK
    + ((OPEN, SECOND),) * 8
    + ((RACE, FIRST),) * 2
    + ((SAME, FIRST),) * 2
    + ((SAME, SECOND),) * 3
    + ((LEAVE, FIRST), (LEAVE, SECOND), (LEAVE, SECOND))
    + ((CROSS, FIRST),) * 3
    + ((CROSS, SECOND),) * 3
)
LONG = ((END, FIRST),) + ((SEND, FIRST),) * 6 + _TALK + ((SEND, FIRST),) * 24
LONG_PAIR = (
    ((END, FIRST),)
    + ((SEND, FIRST),) * 6
    + _TALK
    + ((OPEN, SECOND),) * 10
    + ((RACE, FIRST),) * 2
    + ((SAME, FIRST),) * 3
    + ((SAME, SECOND),) * 3
    + ((LEAVE, FIRST), (LEAVE, SECOND))
    + ((CROSS, FIRST),) * 2
    + ((CROSS, SECOND),) * 2
)
# Both say about as much.
TURNS = (
    ((END, FIRST),)
    + ((SEND, FIRST),) * 6
    + _TALK
    + ((OPEN, SECOND),) * 20
    + ((RACE, FIRST), (SAME, FIRST), (SAME, SECOND), (CROSS, SECOND))
)
# Both are there from the beginning, and often say something at the same moment.
DUEL = ((END, FIRST),) * 7 + _TALK + ((RACE, FIRST),) * 24
# What a conversation is like as a whole.
STYLES = (SOLO,) * 4 + (PAIR,) * 8 + (LONG_PAIR,) * 3 + (TURNS,) * 4 + (DUEL,) + (LONG,) * 12
