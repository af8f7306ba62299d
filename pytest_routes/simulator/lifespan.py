"""The lifespan protocol: starting an application before its first connection, and ending it.

As in real servers' automatic mode, an application that raises before it has said whether it
started is one that does not support the protocol, and is served without it.
"""

from __future__ import annotations

import asyncio
import os
import sysconfig
from typing import TYPE_CHECKING, Any

from pytest_routes.simulator.tasks import where_waits
from pytest_routes.simulator.wishes import Outcome

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from pytest_routes.simulator.loop import SimulatedLoop


class LifespanError(Exception):
    """The application did not start, or did not end, as the protocol asks."""

    def __init__(self, message: str, cause: BaseException | None = None) -> None:
        super().__init__(message)
        self.cause = cause


class Lifespan:
    """One application's lifespan on one loop (ASGI, Lifespan Protocol)."""

    def __init__(self, app: Callable[..., Awaitable[object]], loop: SimulatedLoop) -> None:
        self.state: dict[str, Any] = {}
        self.supported = True
        self._app = app
        self._loop = loop
        self._task: asyncio.Task[None] | None = None
        self._inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said: dict[str, str] = {}
        self._exception: BaseException | None = None

    def start(self, timeout: float) -> None:
        """Send `lifespan.startup` and wait for the answer.

        Raises `LifespanError` when the application fails to start or does not answer in
        `timeout` seconds of the loop's time.
        """
        self._inbox.put_nowait({"type": "lifespan.startup"})
        self._task = self._loop.create_task(self._serve())
        outcome = self._await("lifespan.startup", timeout)
        if "lifespan.startup.failed" in self._said:
            message = self._said["lifespan.startup.failed"].strip() or "no reason was given"
            self._give_up()
            if self._exception is not None:
                message = f"{type(self._exception).__name__}: {self._exception}"
            raise LifespanError(f"lifespan startup failed: {message}", self._exception)
        if "lifespan.startup.complete" in self._said:
            return
        if self._task.done():
            self.supported = False
            return
        why = _why(outcome, timeout, self._task)
        self._give_up()
        raise LifespanError(f"lifespan startup did not complete: {why}")

    def stop(self, timeout: float) -> None:
        """Send `lifespan.shutdown` and wait until the application has ended.

        Raises `LifespanError` when that fails or takes longer than `timeout` seconds.
        """
        if self._task is None or self._task.done():
            return
        self._inbox.put_nowait({"type": "lifespan.shutdown"})
        outcome = self._await("lifespan.shutdown", timeout)
        failed = self._said.get("lifespan.shutdown.failed")
        complete = "lifespan.shutdown.complete" in self._said
        why = _why(outcome, timeout, self._task)
        if not self._task.done():
            self._loop.drive(self._task.done, 1.0)
            self._task.cancel()
            self._loop.drive(self._task.done, 0.1)
        if failed is not None or (self._exception is not None and not complete):
            reason = failed or ""
            if self._exception is not None:  # Starlette sends its whole traceback
                reason = f"{type(self._exception).__name__}: {self._exception}"
            raise LifespanError(f"lifespan shutdown failed: {reason.strip()}", self._exception)
        if not complete and outcome is not Outcome.REACHED:
            raise LifespanError(f"lifespan shutdown did not complete: {why}")

    def _give_up(self) -> None:
        task = self._task
        assert task is not None
        if not task.done():
            task.cancel()
            self._loop.drive(task.done, 1.0)
        self._task = None

    def _await(self, phase: str, timeout: float) -> Outcome:
        task = self._task
        assert task is not None
        answers = (f"{phase}.complete", f"{phase}.failed")
        return self._loop.drive(
            lambda: task.done() or any(answer in self._said for answer in answers), timeout
        )

    async def _serve(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._app(scope, self._inbox.get, self._send)
        except asyncio.CancelledError:
            pass
        except BaseException as exception:
            self._exception = exception

    async def _send(self, event: MutableMapping[str, Any]) -> None:
        self._said[event["type"]] = str(event.get("message", ""))


def _why(outcome: Outcome, timeout: float, task: asyncio.Task[None]) -> str:
    waits = [frame for frame in where_waits(task)[1:] if not frame.file.startswith(_LIBRARIES)]
    where = (
        f", in {waits[-1].function} ({_shown(waits[-1].file)}:{waits[-1].line})" if waits else ""
    )
    if outcome is Outcome.DEADLOCK:
        return f"it waits for something that can never happen{where}"
    return f"it was given {timeout:g} s{where}"


def _shown(file: str) -> str:
    below = os.path.join(os.getcwd(), "")
    return file.removeprefix(below)


# What is said of a place in one of them helps nobody.
_LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})
