"""What an application says beside the protocol: its log, and its loop's exception handler."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pytest_routes.simulator.closing import before_notice, has_brought_close
from pytest_routes.simulator.steady import steady
from pytest_routes.simulator.tasks import FollowedTask, current_connection
from pytest_routes.simulator.transcript import Logged, LoopError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.simulator.transcript import Event

# asyncio's own words about loop errors, and the servers' names under which nothing of the
# application speaks.
_FOREIGN_LOGGERS = frozenset({"asyncio", "pytest_routes"})


class LogObserver:
    """Sees every log record at ERROR or above, whatever handlers the application configured.

    The record factory is asked for each record before any handler or `propagate` setting
    matters (`logging.setLogRecordFactory`).
    """

    def __init__(self, record: Callable[[Event], None], now: Callable[[], float]) -> None:
        self._record = record
        self._now = now
        self._previous: Callable[..., logging.LogRecord] = logging.LogRecord

    def __enter__(self) -> LogObserver:
        self._previous = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self._make)
        return self

    def __exit__(self, *_: object) -> None:
        # An application that installed a factory of its own keeps it.
        if logging.getLogRecordFactory() == self._make:
            logging.setLogRecordFactory(self._previous)

    def _make(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._previous(*args, **kwargs)
        if record.levelno >= logging.ERROR and record.name.split(".")[0] not in _FOREIGN_LOGGERS:
            owner = current_connection.get()
            try:
                message = record.getMessage()
            except Exception:
                message = str(record.msg)
            exception = record.exc_info[1] if record.exc_info else None
            self._record(
                Logged(
                    time=self._now(),
                    client=-1 if owner is None else owner.client,
                    logger=record.name,
                    message=steady(message),
                    exception=exception,
                    brought_close=has_brought_close(exception),
                    before_notice=before_notice(exception),
                )
            )
        return record


def loop_error(context: dict[str, Any], now: float) -> LoopError | None:
    """What a call of the loop's exception handler says, as an event.

    None for an exception of a task that is followed: that is told when the task is judged.
    """
    source = context.get("task") or context.get("future")
    if isinstance(source, FollowedTask) and "never retrieved" in str(context.get("message")):
        return None
    owner = current_connection.get()
    return LoopError(
        time=now,
        client=-1 if owner is None else owner.client,
        message=steady(str(context.get("message", ""))),
        exception=context.get("exception"),
    )
