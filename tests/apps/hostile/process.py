"""Handlers that change what all code of the process shares, and fail."""

from __future__ import annotations

import io
import locale
import logging
import logging.config
import os
import random
import signal
import sys
import warnings
from typing import TYPE_CHECKING

from beside import beside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.websockets import WebSocket


def _failing_after(change: Callable[[], object]) -> Callable[[WebSocket], Awaitable[None]]:
    async def handler(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()
        change()
        raise RuntimeError("the process is another one now")

    return handler


def _stdout() -> None:
    sys.stdout = sys.stderr = io.StringIO()


def _stdout_closed() -> None:
    sys.stdout.close()


def _descriptors() -> None:
    sys.stdout = None  # type: ignore[assignment]


def _path() -> None:
    sys.path.clear()


def _logging() -> None:
    logging.disable(logging.CRITICAL)
    logging.config.dictConfig({"version": 1, "root": {"handlers": [], "level": "CRITICAL"}})
    logging.setLogRecordFactory(logging.LogRecord)


def _warnings() -> None:
    warnings.simplefilter("error")


def _signals() -> None:
    for number in (signal.SIGINT, signal.SIGUSR2, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _locale() -> None:
    locale.setlocale(locale.LC_ALL, "C")


def _excepthook() -> None:
    sys.excepthook = lambda *_: os._exit(9)
    sys.unraisablehook = lambda *_: os._exit(9)


changes_directory = beside(_failing_after(lambda: os.chdir("/")))
changes_stdout = beside(_failing_after(_stdout))
closes_stdout = beside(_failing_after(_stdout_closed))
no_stdout = beside(_failing_after(_descriptors))
changes_path = beside(_failing_after(_path))
changes_logging = beside(_failing_after(_logging))
changes_warnings = beside(_failing_after(_warnings))
changes_signals = beside(_failing_after(_signals))
changes_locale = beside(_failing_after(_locale))
changes_hooks = beside(_failing_after(_excepthook))
seeds_random = beside(_failing_after(lambda: random.seed(0)))
limits_recursion = beside(_failing_after(lambda: sys.setrecursionlimit(150)))
changes_environment = beside(_failing_after(os.environ.clear))
