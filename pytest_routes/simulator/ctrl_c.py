"""What Ctrl-C does while an application is served.

An exception that is raised from a signal's handler comes at any place: between a lock that has
been taken and the `try` that gives it back, in a finaliser that swallows it, in the tracer of a
coverage tool. So the first press is only noted, and the run ends at the next step of the
conversation, which is soon. Where it is not (code that computes or waits outside of the
conversations), the watchdog's thread insists, and the exception is raised there and then, as it
is when the user presses again.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

# How long the step that runs may take to its end, in seconds.
_PATIENCE = 0.5


class UsersInterrupt(KeyboardInterrupt):
    """Ctrl-C, as opposed to a `KeyboardInterrupt` that the application raises."""


class CtrlC:
    """Takes Ctrl-C over while it is entered, in the main thread and if Python's own handler is
    in charge. Who enters one within another gets the other."""

    def __init__(self) -> None:
        self.heard = False
        """The user has pressed Ctrl-C."""
        self._previous: object = None
        self._pressed: float | None = None
        """When, by the monotonic clock; None once the run has been told."""

    def __enter__(self) -> CtrlC:
        if threading.current_thread() is not threading.main_thread():
            return self
        previous = signal.getsignal(signal.SIGINT)
        owner = getattr(previous, "__self__", None)
        if isinstance(owner, CtrlC):
            return owner
        if previous is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._press)
            self._previous = previous
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._previous is None:
            return
        signal.signal(signal.SIGINT, self._previous)  # type: ignore[arg-type]
        if not isinstance(exception, KeyboardInterrupt):
            self.tell()  # pressed after the last step

    def tell(self) -> None:
        """Raise `UsersInterrupt` if the user has pressed Ctrl-C."""
        if self.heard:
            # What follows is told again: who is asked to end may have swallowed it.
            self._pressed = None
            raise UsersInterrupt

    def insist(self) -> None:
        """Called now and then by another thread: presses again when nobody has been told."""
        pressed = self._pressed
        if pressed is not None and time.monotonic() - pressed > _PATIENCE:
            ident = threading.main_thread().ident
            assert ident is not None  # it runs
            signal.pthread_kill(ident, signal.SIGINT)

    def keep(self) -> None:
        """Take the signal back from an application that has taken it."""
        if self._previous is not None and signal.getsignal(signal.SIGINT) != self._press:
            signal.signal(signal.SIGINT, self._press)

    def _press(self, *_: object) -> None:
        again = self.heard or not hasattr(signal, "pthread_kill")
        self.heard, self._pressed = True, time.monotonic()
        if again:
            raise UsersInterrupt
