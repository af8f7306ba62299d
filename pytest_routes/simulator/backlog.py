"""How much the application has sent to a client without reading, and without time passing."""

from __future__ import annotations

FLOOD_MESSAGES = 10_000
FLOOD_BYTES = 64 * 1024 * 1024
"""What a client takes of it, at most."""
_RECORDED = 2_000
"""Answers recorded between two reads; more are counted only."""
_PAUSE = 0.001
"""Seconds between two answers that count as time passing. A loop that never settles is charged
less than this for each of its turns (`SimulatedLoop.unsettled`)."""


class Backlog:
    """Counts the answers since the application last read, or paused."""

    __slots__ = ("_latest", "messages", "size")

    def __init__(self) -> None:
        self.messages = 0
        self.size = 0
        """Bytes."""
        self._latest = -1.0

    def clear(self) -> None:
        """The application reads: it is ready for what its answers set off."""
        self.messages = self.size = 0

    def add(self, now: float, size: int) -> bool:
        """One more answer, of `size` bytes. Returns whether it is worth the memory."""
        if now - self._latest >= _PAUSE:
            self.messages = self.size = 0
        self._latest = now
        self.messages += 1
        self.size += size
        return self.messages <= _RECORDED and size <= FLOOD_BYTES

    @property
    def overflows(self) -> bool:
        """It is more than a client takes."""
        return self.messages > FLOOD_MESSAGES or self.size > FLOOD_BYTES
