"""What an application does and says beside its handlers: tasks, callbacks, the log."""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING

from pytest_routes.checks.exceptions import (
    chain_has_disconnect,
    culprit,
    describe,
    nature,
    state_error,
)
from pytest_routes.checks.failures import hides_exception
from pytest_routes.checks.frames import identity, line_of, place
from pytest_routes.checks.unexpected import is_unexpected, unexpected_frame
from pytest_routes.simulator.rules import IllegalEvent
from pytest_routes.simulator.transcript import Logged, LoopError, TaskFailed, TaskLeft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding

_SILENCE = "No exception to be logged or left to the event loop"


def failed_tasks(course: Course) -> Iterator[Finding]:
    """A task's exception that nobody retrieved.

    A task that the connection needs (a heartbeat, a sender) and that dies while the client is
    there fails the client as a crash of the handler does, only silently: an error. When the
    client's leaving brought it about, or it says that a generator has ended, it is what asyncio
    would have logged: a warning.
    """
    for event in course.transcript.of(TaskFailed):
        cause = culprit(event.exception, course.own)
        left = nature(cause) == "disconnect"
        if not _is_bug(cause) and not left:
            continue
        if not left and is_unexpected(course, event, cause):
            yield unexpected_frame(course, event, cause)
            continue
        ended = isinstance(cause, StopAsyncIteration)  # a task of `anext`: nothing has failed
        if left or ended or course.context.kind == "http" or chain_has_disconnect(cause):
            check, expected = "logged_exception", _SILENCE
        else:
            check, expected = "message_handler_error", "Tasks of the connection not to fail"
        yield course.finding(
            check,
            event,
            message=f"Background task {event.task} failed: {course.told(cause)}",
            expected=expected,
            actual=f"It ended with {describe(cause)}, and nothing asked for its outcome",
            exception=cause,
            key=course.identity(cause),
        )


def left_tasks(course: Course) -> Iterator[Finding]:
    """A task that was started for a connection or a request and lives on."""
    of = "request" if course.context.kind == "http" else "connection"
    for event in course.transcript.of(TaskLeft):
        line = line_of(event.where, course.own)
        at = place(line)
        yield course.finding(
            "leaked_task",
            event,
            message=f"Task {event.task} lives on after the {of} that started it",
            expected=f"Tasks of a {of} to end with it",
            actual=f"It waits in {at}" if at else "It still runs",
            key=(event.task, *identity(line)),
        )


def loop_errors(course: Course) -> Iterator[Finding]:
    """What a callback left to the event loop's exception handler."""
    for event in course.transcript.of(LoopError):
        cause = culprit(event.exception, course.own) if event.exception is not None else None
        if cause is not None and not _is_bug(cause):
            continue
        told = course.told(cause) if cause is not None else event.message
        key = course.identity(cause) if cause is not None else (event.message.partition(":")[0],)
        yield course.finding(
            "logged_exception",
            event,
            message=f"Exception reached the event loop's exception handler: {told}",
            expected=_SILENCE,
            actual=event.message,
            exception=cause,
            key=key,
        )


def logged_exceptions(course: Course) -> Iterator[Finding]:
    """An exception that the application logged at ERROR."""
    for event in course.transcript.of(Logged):
        if event.exception is None or hides_exception(event):
            continue
        cause = culprit(event.exception, course.own)
        if not _is_bug(cause):
            continue
        yield course.finding(
            "logged_exception",
            event,
            message=f"Application logged {course.told(cause)}",
            expected=_SILENCE,
            actual=f"Logged by {event.logger}: {event.message}",
            exception=cause,
            key=course.identity(cause),
        )


def _is_bug(cause: BaseException) -> bool:
    """Neither a client that left, nor one that is refused, nor what another check tells."""
    if isinstance(cause, IllegalEvent | CancelledError) or nature(cause) != "error":
        return False
    return state_error(cause) is None
