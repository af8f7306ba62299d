"""What did not happen in time, or did not stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.checks.course import how_left
from pytest_routes.checks.frames import identity, line_of, place
from pytest_routes.simulator.transcript import Answered, Blocked, Flooded, Phase, Stuck, Taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Frame

# Phase: the check, what is said, what was expected.
_PHASES: dict[Phase, tuple[str, str, str]] = {
    "accept": (
        "connection_timeout",
        "Handler neither accepted nor refused the connection",
        "Connection to be accepted or refused",
    ),
    "message": (
        "message_timeout",
        "Handler stopped reading after message {index}",
        "Handler to answer, or to read the next message",
    ),
    "finish": (
        "shutdown_timeout",
        "Handler still runs {after}",
        "Handler to end",
    ),
    "response": (
        "response_timeout",
        "Request was not answered",
        "A complete response",
    ),
}


def timeouts(course: Course) -> Iterator[Finding]:
    """A finding for each phase that was not left in time."""
    for event in course.transcript.of(Stuck):
        phase = _phase(course, event)
        check, message, expected = _PHASES[phase]
        taken = course.taken(event)
        after = how_left(course.departure(event)) or "after it closed the connection"
        line = line_of(event.where, course.own)
        at = _waits(event.where, line)
        if event.proven:
            actual = f"The handler waits {at}, for what can never happen"
        else:
            actual = f"Nothing within {event.waited:g} s; the handler waits {at}"
        yield course.finding(
            check,
            event,
            message=message.format(index=taken, after=after),
            expected=expected if phase != event.phase else f"{expected} within {event.waited:g} s",
            actual=actual,
            key=identity(line),
        )


def _phase(course: Course, event: Stuck) -> Phase:
    """What the handler is stuck in.

    A client may leave before it shows that the handler had been stuck all along: the bug is
    the same, and is found under the same name.
    """
    if event.phase != "finish" or not event.proven or course.departure(event) is None:
        return event.phase
    if not course.accepted(event):
        return "finish" if course.refused(event) else "accept"
    taken = course.before(event, Taken)
    if taken is None or course.noticed(event) or course.after(taken, Answered) is not None:
        return "finish"
    return "message"


def blocks(course: Course) -> Iterator[Finding]:
    """A finding for synchronous code that had to be interrupted."""
    for event in course.transcript.of(Blocked):
        line = line_of(event.where, course.own)
        at = place(line or (event.where[-1] if event.where else None))
        yield course.finding(
            "blocked_event_loop",
            event,
            message="Synchronous code held the event loop" + (f" in {at}" if at else ""),
            expected="Handler to wait without holding the event loop",
            actual=f"Event loop held until it was interrupted after {event.seconds:.1f} s",
            key=identity(line),
        )


def floods(course: Course) -> Iterator[Finding]:
    """A finding for an answer without an end."""
    for event in course.transcript.of(Flooded):
        yield course.finding(
            "message_flood",
            event,
            message="Handler sent without an end before it read again",
            expected="At most 10,000 messages and 64 MiB between two reads with no time passing",
            actual=f"{event.messages:,} messages, {event.size:,} bytes",
        )


def _waits(where: Sequence[Frame], line: Frame | None) -> str:
    """`in chat_handler (app.py:12) for Event.wait`."""
    if not where:
        return "somewhere"
    if line is None:
        return f"in {place(where[-1])}"
    last = where[-1]
    return f"in {place(line)}" + ("" if last == line else f" for {last.function}")
