"""What was done in the sequences of a route so far, as much of it as is worth the memory."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_routes.search.found import Acts
    from pytest_routes.simulator.transcript import Transcript

_MOST_BYTES = 2**20
_BYTES_OF_A_STEP = 64


class History:
    """The latest sequences: of more than a mebibyte, the oldest are forgotten."""

    def __init__(self) -> None:
        self._sequences: deque[tuple[Acts, int]] = deque()
        self._size = 0

    def add(self, transcript: Transcript) -> None:
        acts = transcript.acts
        steps, data = transcript.weight
        size = data + _BYTES_OF_A_STEP * max(steps, 1)
        self._sequences.append((acts, size))
        self._size += size
        while self._size > _MOST_BYTES:
            self._size -= self._sequences.popleft()[1]

    def sequences(self) -> tuple[Acts, ...]:
        return tuple(acts for acts, _ in self._sequences)
