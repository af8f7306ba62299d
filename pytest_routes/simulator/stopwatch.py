"""Real time, without what passes because other processes have the processor.

Whether a conversation is too slow to be had again, or the search has gone on for long enough,
must not depend on what else the machine does: the same seed has to find the same.
"""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

# Kernel documentation, scheduler/sched-stats: the time that a thread has run, the time that it
# was ready and waited for a processor (both in nanoseconds), and how often it ran.
_OWN_STATISTICS = "/proc/thread-self/schedstat"
_PER_SECOND = 1_000_000_000
# Asking the kernel takes longer than a short conversation. A thread that has waited for long
# shows by the time that has passed since it asked last.
_SECONDS_BETWEEN_LOOKS = 0.01


class Stopwatch:
    """A clock that stands still while this thread waits for a processor.

    Only differences mean something, and only within one thread; they may be too long by a
    hundredth of a second. Where the kernel does not tell, it is `time.monotonic()`.
    """

    __slots__ = ("_looked", "_waited")

    def __init__(self) -> None:
        self._looked = time.monotonic()
        self._waited = scheduling().waited

    def seconds(self) -> float:
        now = time.monotonic()
        if now - self._looked > _SECONDS_BETWEEN_LOOKS:
            self._looked = now
            self._waited = scheduling().waited
        return now - self._waited


class Scheduling(NamedTuple):
    """How a thread got on with the processors since it exists."""

    waited: float
    """Seconds in which it was ready to run and did not."""
    runs: int
    """How often it was given one."""


def scheduling(thread: int | None = None) -> Scheduling:
    """What the kernel tells of a thread by its number of it; None: the one that asks.

    Zeros where the kernel does not tell.
    """
    if sys.platform != "linux":
        return _UNKNOWN
    path = _OWN_STATISTICS if thread is None else f"/proc/self/task/{thread}/schedstat"
    try:
        with open(path, "rb", buffering=0) as file:
            _, waited, runs = file.read(100).split()
            return Scheduling(int(waited) / _PER_SECOND, int(runs))
    except (OSError, ValueError):
        return _UNKNOWN


_UNKNOWN = Scheduling(0.0, 0)
