"""What a thread has done with the time that has passed: run, slept, or waited for a processor."""

from __future__ import annotations

import sys
import threading
import time
from typing import NamedTuple

from pytest_routes.simulator.stopwatch import waited_for_processor


class Spent(NamedTuple):
    """What the main thread did since it was looked at last, in seconds."""

    elapsed: float
    cpu: float
    slept: float
    """Not counted is what the thread that looks has waited itself: with the interpreter's lock
    in its hands the main thread sleeps too, and not by its own will."""


class Usage:
    """Looks at the main thread from another one."""

    def __init__(self, thread: int) -> None:
        """`thread`: the main thread's `ident`."""
        self._clock: int | None = None
        if hasattr(time, "pthread_getcpuclockid"):
            self._clock = time.pthread_getcpuclockid(thread)
        self._native = threading.main_thread().native_id
        self._collected = 0.0
        self._cpu = self._read()
        self._waited = self._read_waited()
        self._looked = time.monotonic()

    def since_last(self, collected: float) -> Spent:
        """`collected`: CPU seconds, since ever, that count for nobody."""
        now, cpu, waited = time.monotonic(), self._read(), self._read_waited()
        elapsed, self._looked = now - self._looked, now
        used, self._cpu = cpu - self._cpu, cpu
        delayed, self._waited = waited - self._waited, waited
        used = max(0.0, used - (collected - self._collected))
        self._collected = collected
        slept = 0.0
        if used < elapsed / 2 and self._sleeps():
            slept = max(0.0, elapsed - used - delayed)
        return Spent(elapsed, used, slept)

    def _read(self) -> float:
        return time.clock_gettime(self._clock) if self._clock is not None else time.monotonic()

    def _read_waited(self) -> float:
        """Of both threads, for either keeps the other from going on."""
        return waited_for_processor(self._native) + waited_for_processor()

    def _sleeps(self) -> bool:
        if sys.platform != "linux":
            return True
        try:
            with open(f"/proc/self/task/{self._native}/stat", encoding="latin-1") as file:
                text = file.read()
        except OSError:
            return True
        # proc(5): the state follows the command's name, which is in parentheses.
        return text.rpartition(")")[2].split()[0] in "SD"
