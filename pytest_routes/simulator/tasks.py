"""Tasks that can be followed: which connection started them, and who learned of their end.

asyncio reports an exception that nobody retrieved only when the task is collected, and not at
all when somebody has cancelled the finished task in the meantime, as the usual
`finally: heartbeat.cancel()` does. `FollowedTask` remembers whether anybody looked.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import sys
from contextvars import ContextVar
from itertools import islice
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Any, Protocol

from pytest_routes.simulator.transcript import Frame

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


MOST_TASKS = 10_000
"""Tasks that may run at once on behalf of one connection: some 50 MB."""


class TooManyTasks(MemoryError):
    """Raised in an application that starts tasks without an end."""


class TaskOwner(Protocol):
    """What tasks are started for: a connection, or a request."""

    client: int
    tasks: list[FollowedTask]
    close_reason: BaseException | None
    """What was on its way out of the application when it closed or refused the connection."""
    notice_reason: BaseException | None
    """What was on its way out when it first learned that the client has gone."""


current_connection: ContextVar[TaskOwner | None] = ContextVar("current_connection", default=None)
"""The connection on whose behalf the current code runs; tasks inherit it with their context."""


class FollowedTask(asyncio.Task[Any]):
    """A task that knows whether somebody awaited it or asked for its outcome."""

    retrieved = False
    failed_at: float | None = None
    """The conversation's time at which the task has failed, when somebody follows that."""
    failed_after: object = None
    """The event of the transcript after which it was."""

    def result(self) -> Any:
        if self.done():
            self.retrieved = True
        return super().result()

    def exception(self) -> BaseException | None:
        if self.done():
            self.retrieved = True
        return super().exception()

    def __await__(self) -> Generator[Any, None, Any]:
        self.retrieved = True
        return super().__await__()

    def __iter__(self) -> Generator[Any, None, Any]:
        return self.__await__()

    def unseen_exception(self) -> BaseException | None:
        """The exception with which the task ended, when nobody has ever asked for it."""
        if not self.done() or self.retrieved or self.cancelled():
            return None
        return super().exception()

    def label(self) -> str:
        """The name of the coroutine function that the task runs."""
        coroutine = self.get_coro()
        return getattr(coroutine, "__qualname__", None) or type(coroutine).__qualname__


def immortalise(task: asyncio.Task[Any]) -> None:
    """Have a task that ignores its cancellation never collected, not even at the process's end.

    Collecting it throws `GeneratorExit` into its coroutine, outside of any loop and unwatched. One
    that swallows whatever is raised (`while True: try: ... except BaseException: pass`) would
    then never come back.
    """
    if hasattr(ctypes, "pythonapi"):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(task))


def make_room(owner: TaskOwner) -> None:
    """Forget the tasks of a connection that have ended well.

    Raises `TooManyTasks` when so many still run that the connection would fill the memory.
    """
    kept = [task for task in owner.tasks if not task.done() or task.unseen_exception() is not None]
    if len(kept) < MOST_TASKS:
        owner.tasks[:] = kept
    else:
        raise TooManyTasks(f"{MOST_TASKS:,} tasks that one client caused run at once")


def where_waits(task: asyncio.Task[Any], limit: int = 20) -> tuple[Frame, ...]:
    """The lines at which a suspended task waits, outermost call first."""
    frames: list[Frame] = []
    awaited: Any = task.get_coro()
    while awaited is not None and len(frames) < limit:
        frame = next(filter(None, (getattr(awaited, name, None) for name in _FRAMES)), None)
        if frame is not None:
            code = frame.f_code
            frames.append(Frame(code.co_filename, frame.f_lineno, code.co_qualname))
        awaited = next(filter(None, (getattr(awaited, name, None) for name in _AWAITED)), None)
        if type(awaited).__name__ in _OF_GENERATORS:
            held = gc.get_referents(awaited)
            awaited = next((each for each in held if isinstance(each, AsyncGeneratorType)), None)
    return tuple(frames)


_FRAMES = ("cr_frame", "ag_frame", "gi_frame")
_AWAITED = ("cr_await", "ag_await", "gi_yieldfrom")
# What `anext(generator)` and the like return; of Python's interface only the collector sees the
# generator in it.
_OF_GENERATORS = ("async_generator_asend", "async_generator_athrow")


def where_runs(task: asyncio.Task[Any]) -> tuple[Frame, ...]:
    """The lines that the current task is at, outermost call first, down to the caller's caller."""
    outermost = getattr(task.get_coro(), "cr_frame", None)
    frames: list[Frame] = []
    running = sys._getframe(1)
    while running is not outermost and running.f_back is not None:
        running = running.f_back
        code = running.f_code
        frames.append(Frame(code.co_filename, running.f_lineno, code.co_qualname))
    return tuple(reversed(frames)) if running is outermost else ()


def where_called() -> tuple[Frame, ...]:
    """The application's lines from which the server is called now, outermost call first."""
    task = asyncio.current_task()
    called = () if task is None else where_runs(task)
    return tuple(frame for frame in called if not frame.file.startswith(_PACKAGE))


_PACKAGE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")


def where_others_wait(
    owner: TaskOwner, handler: asyncio.Task[Any], limit: int = 3
) -> Iterator[tuple[str, tuple[Frame, ...]]]:
    """The first tasks that still run on behalf of a connection, and where each waits: a handler
    that waits for its tasks (a task group, `asyncio.gather`) does not say for what."""
    running = (task for task in owner.tasks if not task.done() and task is not handler)
    for task in islice(running, limit):
        yield task.label(), where_waits(task)
