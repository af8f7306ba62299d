"""Where the simulator's loop runs: in the caller's thread, or in one of its own.

An event loop cannot run within another one in the same thread. Where a loop runs already (a
test of pytest-asyncio or anyio) the simulator's gets a thread of its own. The other way, to
set asyncio's mark of the running loop aside for a moment, is not robust: Python 3.14 keeps the
current task per thread and refuses to enter another one, and Trio's mark, which anyio reads
within the application, is per thread as well.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


class Place(Protocol):
    """Runs calls one after the other, always in the same thread."""

    def call(self, function: Callable[[], _T]) -> _T: ...

    def close(self) -> None: ...


class Here:
    """The caller's thread. In the main thread synchronous code that blocks is interrupted."""

    def call(self, function: Callable[[], _T]) -> _T:
        return function()

    def close(self) -> None:
        pass


class OwnThread:
    """A thread of its own. Code that blocks there cannot be interrupted."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, "pytest-routes simulator")

    def call(self, function: Callable[[], _T]) -> _T:
        return self._executor.submit(function).result()

    async def wait_for(self, function: Callable[[], _T]) -> _T:
        """Like `call`, while the caller's own loop goes on, be it asyncio's or Trio's."""
        return await _outcome(self._executor.submit(function))

    def close(self) -> None:
        self._executor.shutdown()


def place() -> Place:
    """The caller's thread, unless an asynchronous library runs in it."""
    return OwnThread() if _is_asynchronous() else Here()


def _is_asynchronous() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _running_trio() is not None
    return True


def _running_trio() -> Any:
    """The module, when Trio runs in this thread; it is never imported for that."""
    trio: Any = sys.modules.get("trio")
    return trio if trio is not None and trio.lowlevel.in_trio_run() else None


async def _outcome(future: Future[_T]) -> _T:
    trio = _running_trio()
    if trio is not None:
        outcome: _T = await trio.to_thread.run_sync(future.result)
        return outcome
    return await asyncio.wrap_future(future)
