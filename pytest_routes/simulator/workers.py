"""anyio's worker threads, in which frameworks run synchronous functions of the application.

The default limiter knows of those that it was asked for. A limiter of its own makes a thread work
that nobody else counts: FastAPI leaves synchronous dependencies so. A pool knows all its threads
and which of them wait for work.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Iterable, Iterator


class Workers:
    """The pool of one loop, once it is known."""

    __slots__ = ("_all", "_idle", "_loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._all: Collection[Any] = ()
        self._idle: Collection[Any] = ()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all)

    @property
    def busy(self) -> bool:
        """One of the known threads works, or is about to."""
        return len(self._all) > len(self._idle)

    def look(self, threads: Iterable[threading.Thread] | None = None) -> bool:
        """Find the pool among the threads, of all that live if none are given; whether one of its
        threads works."""
        if not self._all:
            for thread in threading.enumerate() if threads is None else threads:
                # Attributes of anyio's WorkerThread, which is no part of its API.
                workers = getattr(thread, "workers", None)
                idle = getattr(thread, "idle_workers", None)
                ours = getattr(thread, "loop", None) is self._loop
                if ours and workers is not None and idle is not None:
                    self._all, self._idle = workers, idle
        return self.busy
