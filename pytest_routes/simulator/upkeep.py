"""Ends what a conversation has left on the loop, and tells what that was."""

from __future__ import annotations

import gc
import traceback
from collections import Counter
from typing import TYPE_CHECKING

from pytest_routes.simulator.backlog import FLOOD_BYTES
from pytest_routes.simulator.tasks import FollowedTask, immortalise, where_waits
from pytest_routes.simulator.transcript import (
    Flooded,
    Raised,
    TaskFailed,
    TaskLeft,
    Transcript,
    Waited,
)
from pytest_routes.simulator.watchdog import is_interruption

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_routes.simulator.connection import Connection
    from pytest_routes.simulator.exchange import Exchange
    from pytest_routes.simulator.server import Server

# A task that outlives its connection may serve all connections: only what is left behind again
# and again is cancelled, so that it does not slow down the rest of the run.
_LEFT_ALONE = 3
# What cleans up after a connection (a debounce, a session that can be resumed) may take its time.
_PATIENCE = 120.0
_JUMPS = 200


class Upkeep:
    """Clears away after each conversation of one engine."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._left: Counter[str] = Counter()

    def clear_away(self, owners: Collection[Connection | Exchange], transcript: Transcript) -> None:
        """Judge the tasks that `owners` started, and cancel handlers that still run."""
        self._wait_for_tasks(owners)
        for owner in owners:
            self._judge_tasks(owner, transcript)
        unfinished = [owner for owner in owners if not owner.ended]
        for owner in unfinished:
            owner.cancelled = True
            if owner.task is not None:
                owner.task.cancel()
        if unfinished:
            self.server.drive(lambda: all(owner.ended for owner in unfinished), 1.0, jumps=100)
        for owner in unfinished:
            if owner.task is not None and not owner.ended:
                immortalise(owner.task)
        if any(owner.flooding for owner in owners):
            _free_floods(transcript)

    def _wait_for_tasks(self, owners: Collection[Connection | Exchange]) -> None:
        """Let time pass until the tasks that were left behind have ended, if they ever do."""
        server = self.server
        if server.blocked or server.loop.clock == "real":
            return
        left = [
            task
            for owner in owners
            if owner.ended
            for task in owner.tasks
            if not task.done() and self._left[task.label()] < _LEFT_ALONE
        ]
        if left:
            server.drive(lambda: all(task.done() for task in left), _PATIENCE, jumps=_JUMPS)

    def _judge_tasks(self, owner: Connection | Exchange, transcript: Transcript) -> None:
        now = self.server.now()
        for task in owner.tasks:
            if not task.done():
                if owner.ended:
                    left = TaskLeft(
                        time=now,
                        client=owner.client,
                        task=task.label(),
                        where=where_waits(task),
                    )
                    transcript.events.append(left)
                    self._leave_or_cancel(task)
                else:
                    task.cancel()
                continue
            exception = task.unseen_exception()
            if exception is not None and not is_interruption(exception):
                failed = TaskFailed(
                    time=now if task.failed_at is None else task.failed_at,
                    client=owner.client,
                    task=task.label(),
                    exception=exception,
                )
                _insert(failed, task.failed_after, transcript)

    def _leave_or_cancel(self, task: FollowedTask) -> None:
        label = task.label()
        self._left[label] += 1
        if self._left[label] > _LEFT_ALONE:
            task.cancel()


def _free_floods(transcript: Transcript) -> None:
    """Forget the local variables of a handler that has sent more than memory should hold.

    They are kept by the traceback of the exception that ended it, and by cycles.
    """
    if all(flooded.size <= FLOOD_BYTES for flooded in transcript.of(Flooded)):
        return
    for raised in transcript.of(Raised):
        exception: BaseException | None = raised.exception
        while exception is not None:
            traceback.clear_frames(exception.__traceback__)
            exception = exception.__context__
    gc.collect()


def _insert(event: TaskFailed, after: object, transcript: Transcript) -> None:
    """Put an event where it happened: it became known only later.

    A silence was written down when it was over; what happened in it comes after its beginning.
    """
    events = transcript.events
    for position in range(len(events) - 1, -1, -1):
        if events[position] is after:
            following = events[position + 1] if position + 1 < len(events) else None
            silent = isinstance(following, Waited) and following.time < event.time
            events.insert(position + 1 + silent, event)
            return
    events.append(event)
