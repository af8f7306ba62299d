"""Which came first: an exception, or what the application did with it under way.

`try: ... finally: await websocket.close()` closes while the exception is on its way out: the
close is its clean-up, and what the exception tells is what went wrong on an open connection. When
that close fails because the client has gone, the exception had come without knowing of it.
"""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING

from pytest_routes.simulator.tasks import current_connection

if TYPE_CHECKING:
    from collections.abc import Iterator


def has_brought_close(exception: BaseException | None) -> bool:
    """Whether it was being handled when the application closed or refused the connection on whose
    behalf the current code runs."""
    owner = current_connection.get()
    reason = owner.close_reason if owner is not None else None
    return reason is not None and any(each is reason for each in _parts(exception))


def before_notice(exception: BaseException | None) -> BaseException | None:
    """What was being handled when the application learned that the client has gone, if it is the
    exception or one of those in whose handling that was raised."""
    owner = current_connection.get()
    reason = owner.notice_reason if owner is not None else None
    seen: set[int] = set()
    while exception is not None and reason is not None and id(exception) not in seen:
        if exception is reason:
            return reason
        seen.add(id(exception))
        exception = exception.__context__
    return None


def _parts(exception: BaseException | None) -> Iterator[BaseException]:
    """The exception, those that it was explicitly raised from, the members of a group, and the
    cancellation with which a task group interrupts its body before it raises the group."""
    seen: set[int] = set()
    pending = [exception]
    while pending:
        each = pending.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        pending.append(each.__cause__)
        if isinstance(each, BaseExceptionGroup):
            pending += each.exceptions
            if isinstance(each.__context__, CancelledError):
                pending.append(each.__context__)
