"""Calls in worker threads: those of the loop's executors, and of anyio.

anyio's default limiter knows of the calls that it has let in. Behind a limiter of its own a call
works that nobody else counts: FastAPI leaves synchronous dependencies so. The pool knows all its
threads, and which of them wait for work.

A short call takes no time of the loop's: nothing else happens before it has come back. Were it a
matter of microseconds whether a client leaves before its answer or after it, then no seed would
bring a conversation back.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Collection, Iterable, Iterator

# Real seconds that calls get to come back before what is due goes on without them. Less and less,
# where there are calls that do not: a thread that reads a queue for ever.
_PATIENCE = 0.25
_LEAST_PATIENCE = 0.005


class Workers:
    """The calls of one loop that run in threads."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.limiter: Any = None
        """anyio's default limiter of the loop."""
        self.in_executors = 0
        """Calls that run in executors now."""
        self._loop = loop
        self._all: Collection[Any] = ()
        self._idle: Collection[Any] = ()
        self._known: set[Any] = set()
        """Threads of the pool; one that has to stop leaves it before its last call is over."""
        self._patience = self._left = _PATIENCE
        self._long = 0
        """Of the calls that run, those that are not waited for any more."""

    def __iter__(self) -> Iterator[Any]:
        """The threads of anyio's pool."""
        return iter(self._known)

    @property
    def calls(self) -> int:
        """How many are known to run."""
        limiter = self.limiter
        borrowed = 0 if limiter is None else limiter.borrowed_tokens
        if not (self._known or self._all):
            return self.in_executors + borrowed  # as in most: asked whenever they have settled
        return self.in_executors + max(borrowed, self._at_work)

    @property
    def _at_work(self) -> int:
        self._known.update(self._all)
        if not self._known:
            return 0
        elsewhere = {each for each in self._known.difference(self._idle) if each.is_alive()}
        self._known = elsewhere.union(self._idle)
        return sum(map(_works, elsewhere))

    def look(self, threads: Iterable[threading.Thread] | None = None) -> bool:
        """Find the pool among the threads, of all that live if none are given; whether one of its
        threads works."""
        if not self._known:
            for thread in threading.enumerate() if threads is None else threads:
                # Attributes of anyio's WorkerThread, which is no part of its API.
                workers = getattr(thread, "workers", None)
                idle = getattr(thread, "idle_workers", None)
                ours = getattr(thread, "loop", None) is self._loop
                if ours and workers is not None and idle is not None:
                    self._all, self._idle = workers, idle
                    self._known.add(thread)
        return self._at_work > 0

    @property
    def awaited(self) -> bool:
        """A call runs that may come back soon."""
        calls = self.calls
        if calls < self._long:
            self._long = calls
        if calls == self._long:
            self._left = self._patience
            return False
        return True

    def waited(self, seconds: float) -> None:
        """Real time in which nothing else has happened."""
        self._left -= seconds
        if self._left <= 0:
            self._long = self.calls
            self._patience = self._left = max(self._patience / 2, _LEAST_PATIENCE)


def _works(thread: Any) -> bool:
    """A thread that is to stop has nothing left but the word that tells it so."""
    return not thread.stopping or thread.queue.unfinished_tasks > 1
