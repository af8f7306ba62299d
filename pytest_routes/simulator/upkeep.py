"""Ends what a conversation has left on the loop, and tells what that was."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pytest_routes.simulator.tasks import FollowedTask, immortalise, where_waits
from pytest_routes.simulator.transcript import TaskFailed, TaskLeft, Transcript
from pytest_routes.simulator.watchdog import is_interruption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.simulator.connection import Connection
    from pytest_routes.simulator.exchange import Exchange
    from pytest_routes.simulator.server import Server

# A task that outlives its connection may serve all connections: only what is left behind again
# and again is cancelled, so that it does not slow down the rest of the run.
_LEFT_ALONE = 3


class Upkeep:
    """Clears away after each conversation of one engine."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._left: Counter[str] = Counter()

    def clear_away(self, owners: Sequence[Connection | Exchange], transcript: Transcript) -> None:
        """Judge the tasks that `owners` started, and cancel handlers that still run."""
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
                transcript.events.append(
                    TaskFailed(
                        time=now,
                        client=owner.client,
                        task=task.label(),
                        exception=exception,
                    )
                )

    def _leave_or_cancel(self, task: FollowedTask) -> None:
        label = task.label()
        self._left[label] += 1
        if self._left[label] > _LEFT_ALONE:
            task.cancel()
