"""Broken rules of the ASGI specification, RFC 6455 and RFC 9110, as the server noticed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.checks.frames import chain, identity, origin, place
from pytest_routes.checks.unexpected import is_unexpected, unexpected_frame
from pytest_routes.simulator.rules import RULES, IllegalEvent
from pytest_routes.simulator.transcript import Event, Raised, Violated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding

# Rules that have a check of their own: its name, and what is said of the violation.
_CHECKS = {
    "subprotocol_not_offered": (
        "subprotocol_mismatch",
        "Handler accepted a subprotocol that was not offered",
    ),
    "close_code": ("invalid_close", "Handler closed with a code that may not be sent"),
    "close_reason": ("invalid_close", "Handler closed with a reason that may not be sent"),
}


def violations(course: Course) -> Iterator[Finding]:
    """A finding for each broken rule, with the exception that the server answered it with."""
    for event in course.transcript.of(Violated):
        # A handler that returned has closed nothing: what its left-over tasks send goes nowhere.
        if event.rule == "send_after_close" and not (course.closed(event) or course.refused(event)):
            continue
        # What is said to a client that has gone never travels.
        if event.rule in ("close_code", "close_reason") and course.departure(event):
            continue
        answer = _answer(course, event)
        # Where `websocket.receive` carries both keys, what is read of another kind is None.
        if event.rule == "message_type" and is_unexpected(course, event, None):
            yield unexpected_frame(course, event, answer)
        else:
            yield violation(course, event, event.rule, event.detail, answer)


def violation(
    course: Course, event: Event, rule: str, detail: str, exception: BaseException | None
) -> Finding:
    """The finding for a broken rule."""
    check, message = _CHECKS.get(
        rule, ("protocol_violation", f"Application broke the protocol rule {rule}")
    )
    line = origin(exception, course.own) if exception is not None else None
    text = RULES[rule]
    at = place(line)
    return course.finding(
        check,
        event,
        message=f"{message} in {at}" if at else message,
        expected=f"{_sentence(text.text)} ({text.source})",
        actual=_sentence(detail),
        exception=exception,
        key=(rule, *identity(line)),
    )


def _sentence(text: str) -> str:
    """With a capital, unless it begins with the name of an event."""
    return text if "." in text.partition(" ")[0] else text[:1].upper() + text[1:]


def _answer(course: Course, event: Violated) -> BaseException | None:
    """The server's exception for this violation, when it came out of a handler.

    It may come out of another client's handler: a broadcast sends on every connection.
    """
    position = course.position(event)
    for raised in course.transcript.of(Raised):
        if course.position(raised) > position:
            for each in chain(raised.exception):
                if isinstance(each, IllegalEvent) and str(each) == event.detail:
                    return each
    return None
