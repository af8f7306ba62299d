"""What a thread has done with the time that has passed: run, slept, or waited for a processor."""

from __future__ import annotations

import gc
import sys
import threading
import time
from typing import NamedTuple

from pytest_routes.simulator.stopwatch import scheduling

# Of the garbage collector's generations; younger ones are collected in no time.
_FULL = 2
# proc(5): sleeping in an interruptible wait, and waiting in an uninterruptible disk sleep.
_IDLE = "S"
_ASLEEP = (_IDLE, "D")
# Who wants the interpreter's lock wakes after each switch interval to ask for it again.
_SWITCHES = 2
# Who looks so much later than it meant to was on a machine that stood still.
_LATE = 2


class Spent(NamedTuple):
    """What the main thread did since it was looked at last, in seconds."""

    elapsed: float
    cpu: float
    """Without what full garbage collections took, which grows with all that lives."""
    slept: float
    """Without what the thread that looks has waited itself: with the interpreter's lock in its
    hands the main thread sleeps too, and not by its own will."""
    idle: float
    """As much of `slept` as was no wait for a disk, nor for other threads to give up the
    interpreter's lock: work that shares it with workers makes slow progress, but it does."""


class Usage:
    """Looks at the main thread, always from the same thread, from `begin` to `end`.

    `interval`: how many seconds whoever looks waits between two looks. A main thread that sleeps
    keeps nobody from looking in time; when a look comes late, the processor was elsewhere.
    """

    def __init__(self, interval: float) -> None:
        self._longest = interval * _LATE
        main = threading.main_thread()
        assert main.ident is not None  # it runs
        self._clock: int | None = None
        if hasattr(time, "pthread_getcpuclockid"):
            self._clock = time.pthread_getcpuclockid(main.ident)
        # In a forked process the thread's object still has the id of the parent's.
        here = threading.current_thread() is main
        self._native = threading.get_native_id() if here else main.native_id
        self._collects_since: float | None = None
        self._collected = 0.0
        self._cpu = self._own = self._read()
        self._waited, self._runs = self._scheduling()
        self._looked = time.monotonic()

    def begin(self) -> None:
        gc.callbacks.append(self._collection)

    def end(self) -> None:
        gc.callbacks.remove(self._collection)

    def since_last(self) -> Spent:
        now, cpu, (waited, runs) = time.monotonic(), self._read(), self._scheduling()
        elapsed, self._looked = now - self._looked, now
        used, self._cpu = cpu - self._cpu, cpu
        delayed, self._waited = waited - self._waited, waited
        awoke, self._runs = runs - self._runs, runs
        state = self._state() if used < elapsed / 2 else ""
        slept = 0.0
        if state in _ASLEEP:
            slept = max(0.0, min(elapsed, self._longest) - used - delayed)
        shares_lock = slept < awoke * _SWITCHES * sys.getswitchinterval()
        idle = slept if state == _IDLE and not shares_lock else 0.0
        own = cpu - self._collected
        if self._collects_since is not None:
            own = self._collects_since - self._collected
        # The main thread may have gone on between two of these lines.
        spent, self._own = max(0.0, own - self._own), max(own, self._own)
        return Spent(elapsed, spent, slept, idle)

    def _collection(self, phase: str, details: dict[str, int]) -> None:
        if details["generation"] < _FULL:
            return
        if threading.current_thread() is not threading.main_thread():
            return
        if phase == "start":
            self._collects_since = self._read()
        elif self._collects_since is not None:
            self._collected += self._read() - self._collects_since
            self._collects_since = None

    def _read(self) -> float:
        return time.clock_gettime(self._clock) if self._clock is not None else time.monotonic()

    def _scheduling(self) -> tuple[float, int]:
        """How long both threads waited for a processor, for either keeps the other from going on,
        and how often the main thread got one."""
        main = scheduling(self._native)
        return main.waited + scheduling().waited, main.runs

    def _state(self) -> str:
        """As proc(5) has it; where there is none, a thread that does not run is idle."""
        if sys.platform != "linux":
            return _IDLE
        try:
            with open(f"/proc/self/task/{self._native}/stat", encoding="latin-1") as file:
                text = file.read()
        except OSError:
            return _IDLE
        # The state follows the command's name, which is in parentheses.
        return text.rpartition(")")[2].split()[0]
