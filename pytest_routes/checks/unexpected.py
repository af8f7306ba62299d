"""Frames of a kind that the handler does not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.checks.exceptions import describe, is_unreadable_frame
from pytest_routes.simulator.transcript import Event, Violated

if TYPE_CHECKING:
    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding

_READABLE = "Connection to remain open, or to be closed with 1003 or 1007"


def is_unexpected(course: Course, event: Event, cause: BaseException | None) -> bool:
    """Whether what happened is due to the kind of the last message and not to its content:
    the framework raised when it read the frame, or the handler reads other kinds only."""
    if cause is not None and is_unreadable_frame(cause, course.own):
        return True
    reads = course.context.reads
    message = course.last_taken(event)
    if reads is None or message is None:
        return False
    if isinstance(message.data, bytes):
        return "bytes" not in reads
    return not reads & {"text", "json"}


def unexpected_frame(course: Course, event: Event, cause: BaseException | None) -> Finding:
    """The finding; without a `cause`, the handler broke a rule (`event`) and went on."""
    message = course.last_taken(event)
    if message is None:
        frame = "A frame"
    elif isinstance(message.data, bytes):
        frame = "A binary frame"
    else:
        frame = "A text frame that is not JSON" if _of_decoder(cause) else "A text frame"
    if cause is None:
        rule = event.rule if isinstance(event, Violated) else ""
        return course.finding(
            "unexpected_frame",
            event,
            message=f"{frame} made the handler that reads something else break the rule {rule}",
            expected=_READABLE,
            actual=event.detail if isinstance(event, Violated) else "",
            key=(rule,),
        )
    code = course.seen_code(event)
    closed = f"Connection closed with code {code}" if code else "Connection dropped"
    return course.finding(
        "unexpected_frame",
        event,
        message=f"{frame} crashed the handler that reads something else: {course.told(cause)}",
        expected=_READABLE,
        actual=f"{closed} after {describe(cause)}",
        exception=cause,
        key=course.identity(cause),
    )


def _of_decoder(cause: BaseException | None) -> bool:
    return isinstance(cause, ValueError) or "Serialization" in type(cause).__name__
