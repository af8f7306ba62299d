"""What all code of a process shares, put back as it was after an application has changed it.

An application may change its working directory, its streams or its signal handlers: on a server
the process is its own. Here other routes, other tests and pytest itself live in the same one.
"""

from __future__ import annotations

import asyncio
import gc
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SYSTEM = ("stdin", "stdout", "stderr", "excepthook", "unraisablehook", "displayhook")
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD", "SIGPIPE")


class Unclosable:
    """A stream that an application may close without anybody else losing it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def close(self) -> None:
        """Write out what is there; the stream stays open."""
        self._stream.flush()

    def detach(self) -> Any:
        """The buffer below, which stays attached."""
        return self._stream.buffer

    def __enter__(self) -> Unclosable:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[str]:
        return iter(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def kept_surroundings() -> Iterator[None]:
    """Put back at the end whatever the application changes while this is entered."""
    with ExitStack() as stack:
        for keep in _KEPT:
            stack.callback(keep())
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is not None:
                setattr(sys, name, Unclosable(stream))
        yield


# Each remembers how things are now, and returns what puts them back.


def _directory() -> Callable[[], None]:
    try:
        before = os.getcwd()
    except OSError:  # it was deleted
        return _nothing

    def put_back() -> None:
        with suppress(OSError):
            os.chdir(before)

    return put_back


def _environment() -> Callable[[], None]:
    before = dict(os.environ)

    def put_back() -> None:
        if os.environ != before:
            for name in set(os.environ) - set(before):
                del os.environ[name]
            os.environ.update(before)

    return put_back


def _system() -> Callable[[], None]:
    before = {name: getattr(sys, name) for name in _SYSTEM}
    path, recursion, hook = list(sys.path), sys.getrecursionlimit(), threading.excepthook

    def put_back() -> None:
        for name, value in before.items():
            setattr(sys, name, value)
        # What the application has added it may need for a later import.
        sys.path[:] = path + [place for place in sys.path if place not in path]
        sys.setrecursionlimit(recursion)
        threading.excepthook = hook

    return put_back


def _warnings() -> Callable[[], None]:
    before, show = list(warnings.filters), warnings.showwarning

    def put_back() -> None:
        if list(warnings.filters) != before:
            warnings.resetwarnings()  # also tells the interpreter that its cache is stale
            warnings.filters[:] = before  # type: ignore[index]
        warnings.showwarning = show

    return put_back


def _logging() -> Callable[[], None]:
    root = logging.getLogger()
    disabled, level, handlers = root.manager.disable, root.level, list(root.handlers)
    factory, kind = logging.getLogRecordFactory(), logging.getLoggerClass()
    # `logging.config` disables the loggers that there are, unless it is told not to.
    speaking = [
        logger
        for logger in list(root.manager.loggerDict.values())
        if isinstance(logger, logging.Logger) and not logger.disabled
    ]

    def put_back() -> None:
        logging.disable(disabled)
        root.setLevel(level)
        root.handlers[:] = handlers
        logging.setLogRecordFactory(factory)
        logging.setLoggerClass(kind)
        for logger in speaking:
            logger.disabled = False

    return put_back


def _signals() -> Callable[[], None]:
    if threading.current_thread() is not threading.main_thread():
        return _nothing
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def put_back() -> None:
        for number, handler in before.items():
            # None: set by other means than Python's, and nothing that can be set again.
            if handler is not None and signal.getsignal(number) != handler:
                signal.signal(number, handler)

    return put_back


def _locale() -> Callable[[], None]:
    before = locale.setlocale(locale.LC_ALL)

    def put_back() -> None:
        with suppress(locale.Error):
            locale.setlocale(locale.LC_ALL, before)

    return put_back


def _randomness() -> Callable[[], None]:
    before = random.getstate()
    return lambda: random.setstate(before)


def _event_loop_policy() -> Callable[[], None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.14 does away with them
        before = asyncio.get_event_loop_policy()

    def put_back() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            if asyncio.get_event_loop_policy() is not before:
                asyncio.set_event_loop_policy(before)

    return put_back


def _collector() -> Callable[[], None]:
    enabled, threshold = gc.isenabled(), gc.get_threshold()

    def put_back() -> None:
        gc.set_threshold(*threshold)
        if enabled:
            gc.enable()
        else:
            gc.disable()

    return put_back


def _nothing() -> None:
    pass


_KEPT = (
    _directory,
    _environment,
    _system,
    _warnings,
    _logging,
    _signals,
    _locale,
    _randomness,
    _event_loop_policy,
    _collector,
)
