"""Broken rules of the ASGI specification, RFC 6455 and RFC 9110, as the server noticed them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_routes.checks.frames import chain, identity, origin, place
from pytest_routes.checks.unexpected import is_unexpected, unexpected_frame
from pytest_routes.simulator.rules import RULES, IllegalEvent
from pytest_routes.simulator.transcript import Event, Raised, Sent, Violated

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
        answer = _answer(course, event)
        # Where `websocket.receive` carries both keys, what is read of another kind is None.
        if event.rule == "message_type" and is_unexpected(course, event, None):
            yield unexpected_frame(course, event, answer)
        elif event.rule == "text_not_utf8" and _came_from_a_client(course, event):
            yield _surrogate_passed_on(course, event, answer)
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
    if line is None:
        own = [frame for frame in getattr(event, "where", ()) if course.own(frame.file)]
        line = own[-1] if own else None
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


def _came_from_a_client(course: Course, event: Violated) -> bool:
    """Whether a client had sent a lone surrogate as a JSON escape: the text is UTF-8, and what
    it stands for is not."""
    position = course.position(event)
    return any(
        isinstance(sent.message.data, str)
        and course.position(sent) < position
        and _escapes_a_surrogate(sent.message.data)
        for sent in course.transcript.of(Sent)
    )


def _escapes_a_surrogate(text: str) -> bool:
    if "\\u" not in text:
        return False
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except (ValueError, RecursionError):
        return False
    return False


def _surrogate_passed_on(
    course: Course, event: Violated, exception: BaseException | None
) -> Finding:
    """Few applications guard against it: JSON libraries let it in, and Starlette's `send_json`
    lets it out."""
    line = origin(exception, course.own) if exception is not None else None
    at = place(line)
    return course.finding(
        "unexpected_frame",
        event,
        message="A lone surrogate that a client had sent as a JSON escape was sent on as text"
        + (f": {at}" if at else ""),
        expected=_sentence(RULES[event.rule].text),
        actual=_sentence(event.detail),
        exception=exception,
        key=(event.rule, *identity(line)),
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
