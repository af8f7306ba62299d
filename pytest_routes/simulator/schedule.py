"""The order in which tasks that are ready run.

asyncio runs them first in, first out. Nothing promises an application that: which of two tasks
gets a lock, or which answer arrives first, is another matter under another load. A schedule
draws the next of the tasks that are ready; what is no step of a task (a callback, a transport's
bookkeeping) keeps its place, since asyncio does promise an order to those.
"""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context

    from pytest_routes.simulator.loop import SimulatedLoop


class Schedule:
    """Takes the place of a loop's `call_soon`; the same seed gives the same order."""

    def __init__(self, loop: SimulatedLoop, seed: int) -> None:
        self._loop = loop
        self._random = random.Random(seed)
        self._call_soon = loop.call_soon
        self._ready: list[tuple[asyncio.Handle, Callable[..., object], Context | None]] = []

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        if args or not isinstance(getattr(callback, "__self__", None), asyncio.Task):
            return self._call_soon(callback, *args, context=context)
        # As many turns as tasks are ready; which of them a turn is for is drawn when it comes.
        self._call_soon(self._run_any)
        handle = asyncio.Handle(callback, (), self._loop, context)
        self._ready.append((handle, callback, context))
        return handle

    def _run_any(self) -> None:
        position = self._random.randrange(len(self._ready))
        handle, callback, context = self._ready.pop(position)
        if handle.cancelled():
            return
        if context is None:
            callback()
        else:
            context.run(callback)
