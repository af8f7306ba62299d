"""Interrupts synchronous code that holds the event loop.

A thread watches whether the loop comes round. When it does not for longer than the limit, the
thread sends a signal to the main thread, whose handler raises `LoopBlocked` in whatever runs
there: the time is bounded, and the traceback says where it was. `SIGALRM` belongs to others.

Only time that the application itself spends counts. A thread that is ready to run but gets no
processor (a busy CI machine) makes no progress either, yet blocks nothing: what counts is CPU
time, or sleeping, which the kernel tells apart. What the garbage collector takes grows with
everything that lives in the test process, and does not count either.
"""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from pytest_routes.simulator.transcript import Frame
from pytest_routes.simulator.usage import Spent, Usage

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from pytest_routes.simulator.loop import SimulatedLoop

_SIGNAL = getattr(signal, "SIGUSR2", None)
_INTERVAL = 0.05
# Who does nothing but wait is told from slow work sooner: this share of the limit is enough.
_IDLE_SHARE = 0.25


class LoopBlocked(BaseException):
    """Raised in synchronous code that held the loop for too long.

    Not an `Exception`, so that the application's own error handling lets it pass.
    """


def is_interruption(exception: BaseException) -> bool:
    """Whether an exception is the watchdog's, also within exception groups."""
    if isinstance(exception, BaseExceptionGroup):
        return any(is_interruption(inner) for inner in exception.exceptions)
    return isinstance(exception, LoopBlocked)


class Watchdog:
    """Watches one loop that runs in the main thread, while it is entered.

    `limit`: seconds that synchronous code may hold the loop, a quarter of it when it only sleeps,
    for a socket or by itself. `report` is told of each
    interruption before it is raised, since the application may swallow it. `also` is called by
    the watching thread whenever it looks.
    """

    def __init__(
        self,
        loop: SimulatedLoop,
        limit: float,
        report: Callable[[float, tuple[Frame, ...]], None],
        also: Callable[[], None],
    ) -> None:
        self.loop = loop
        self.limit = limit
        self.report = report
        self.also = also
        self.active = False
        """Whether the loop runs now: between two drives nothing is watched."""
        self._usage = Usage(_INTERVAL)
        self._stop = threading.Event()
        self.thread: threading.Thread | None = None
        self._previous: object = None
        self._turns = -1
        self._seen_turns = -1
        """When the signal was sent last."""
        self._spent = 0.0
        """Seconds since the loop was seen to come round."""
        self._idle = 0.0
        """As many of them as the application only waited."""
        self._held = 0.0
        """As many when it was interrupted."""
        self._noticed = False
        self._passes = 0
        self._starved = 0.0

    def __enter__(self) -> Watchdog:
        main = threading.main_thread()
        if _SIGNAL is None or threading.current_thread() is not main:
            return self  # nothing can be interrupted there: a block lasts as long as it lasts
        self._previous = signal.signal(_SIGNAL, self._interrupt)
        self._usage.begin()
        self.thread = threading.Thread(
            target=self._watch, args=(main.ident,), name="pytest-routes watchdog", daemon=True
        )
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self.thread is not None:
            self.thread.join()
            self._usage.end()
            assert _SIGNAL is not None
            signal.signal(_SIGNAL, self._previous)  # type: ignore[arg-type]

    def keep_signal(self) -> None:
        """Take the signal back from an application that has taken it."""
        if self.thread is not None:
            assert _SIGNAL is not None
            if signal.getsignal(_SIGNAL) != self._interrupt:
                signal.signal(_SIGNAL, self._interrupt)

    def starved(self) -> float | None:
        """How long compiled code has just held the interpreter, which no signal interrupts.

        The watching thread could not run either, and is waited for. None when nothing did.
        """
        if self.thread is None:
            return None
        passes = self._passes
        until = time.monotonic() + 1.0
        while self._passes == passes and time.monotonic() < until:
            time.sleep(_INTERVAL / 5)
        held, self._starved = self._starved, 0.0
        return held or None

    def _watch(self, main: int) -> None:
        usage = self._usage
        usage.since_last()  # from here on in this thread
        while not self._stop.wait(_INTERVAL):
            self.also()
            self._look(main, usage.since_last())

    def _look(self, main: int, spent: Spent) -> None:
        if min(spent.cpu, spent.elapsed) >= self.limit:
            self._starved = min(spent.cpu, spent.elapsed)
        self._passes += 1
        turns = self.loop.turns
        if not self.active or self._turns != turns:
            self._turns = turns
            self._spent = self._idle = 0.0
            return
        self._spent += spent.cpu + spent.slept
        self._idle += spent.idle
        if self._spent < self.limit and self._idle < self.limit * _IDLE_SHARE:
            return
        self._held, self._spent, self._idle = self._spent, 0.0, 0.0
        if self._seen_turns == turns and not self._noticed:
            self._interrupt_otherwise(main)
            return
        self._seen_turns = turns
        self._noticed = False
        assert _SIGNAL is not None
        signal.pthread_kill(main, _SIGNAL)

    def _interrupt_otherwise(self, main: int) -> None:
        """The application has taken the signal: raise between two of its bytecodes instead."""
        where = callback_frames(sys._current_frames().get(main))
        if where is not None and hasattr(ctypes, "pythonapi"):
            self.report(self._held, where)
            raising = ctypes.c_ulong(main), ctypes.py_object(LoopBlocked)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(*raising)

    def _interrupt(self, _signal: int, frame: FrameType | None) -> None:
        self._noticed = True
        if not self.active or self.loop.turns != self._seen_turns:
            return  # it came round while the signal was on its way
        where = callback_frames(frame)
        if where is None:
            return  # the loop itself waits, for a thread that keeps the interpreter's lock
        self.report(self._held, where)
        raise LoopBlocked(f"the event loop was blocked for {self._held:.1f} s")


def callback_frames(frame: FrameType | None) -> tuple[Frame, ...] | None:
    """The calls below the loop's callback that led to a frame, outermost first; None where no
    callback runs."""
    frames: list[Frame] = []
    while frame is not None:
        code = frame.f_code
        if code.co_qualname == "Handle._run":
            return tuple(reversed(frames))
        frames.append(Frame(code.co_filename, frame.f_lineno, code.co_qualname))
        frame = frame.f_back
    return None
