"""How far the search of a route is, shown while somebody watches a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from pytest_routes.report.literals import count, printable, shortened

if TYPE_CHECKING:
    import pytest

    from pytest_routes.routes import Route

_FIRST = 1.0
"""Seconds after which a route is worth a word."""
_BETWEEN = 0.2
_NAME = 40
# ECMA-48: what is written after the cursor was saved stays behind it, and is taken away again.
_SAVE, _RESTORE, _ERASE = "\x1b7", "\x1b8", "\x1b[K"


class Progress:
    """Writes behind the line that pytest is writing, and takes it away again.

    Nothing is written unless the output is a terminal that understands it: not in logs.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._writer = config.get_terminal_writer()
        self._capture: Any = config.pluginmanager.getplugin("capturemanager")
        self._began = 0.0
        self._next = 0.0
        self._shown = False

    @classmethod
    def of(cls, config: pytest.Config) -> Progress | None:
        """None when nobody watches."""
        watched = sys.stdout.isatty() and config.get_terminal_writer().hasmarkup
        return cls(config) if watched and config.get_verbosity() >= 0 else None

    def begin(self) -> None:
        """The search of a route begins."""
        self._began = time.monotonic()
        self._next = self._began + _FIRST

    def step(self, route: Route, done: int, planned: int) -> None:
        """So many of the route's sequences or requests have been tried."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _BETWEEN
        self._shown = True
        speed = done / (now - self._began)
        noun = "sequence" if route.kind == "websocket" else "request"
        name = shortened(printable(route.id), _NAME)
        text = f"  {name}: {done:,} of {count(planned, noun)}, {speed:,.0f}/s"
        room = self._writer.fullwidth - self._writer.width_of_current_line - 1
        if len(text) <= room:
            self._write(f"{_SAVE}{text}{_ERASE}{_RESTORE}")

    def end(self) -> None:
        """The search of the route is over."""
        if self._shown:
            self._shown = False
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        if self._capture is None:
            self._put(text)
            return
        with self._capture.global_and_fixture_disabled():
            self._put(text)

    def _put(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
