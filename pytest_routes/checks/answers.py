"""Answers held against the type that the route declares for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.simulator.transcript import Answered, Event, Responded, Taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.conversation import Message


def mismatches(course: Course) -> Iterator[Finding]:
    """A finding for the first answer that does not fit."""
    problem_of = course.context.answer_problem
    if problem_of is None:
        return
    for event, answer in _answers(course):
        problem = problem_of(answer)
        if problem is not None:
            yield course.finding(
                "response_mismatch",
                event,
                message="Answer does not fit the declared type" + _called(course, " {}"),
                expected="An answer of the type that the route declares" + _called(course, ": {}"),
                actual=problem,
            )
            return


def _called(course: Course, form: str) -> str:
    name = course.context.answer_type
    return form.format(name) if name else ""


def _answers(course: Course) -> Iterator[tuple[Event, Message | Responded]]:
    """What a handler returned: the message that follows one that was taken, or the body of a
    successful response. Greetings and broadcasts are no return values."""
    awaited: set[int] = set()
    for event in course.transcript.events:
        if isinstance(event, Taken):
            awaited.add(event.client)
        elif isinstance(event, Answered) and event.client in awaited:
            awaited.discard(event.client)
            yield event, event.message
        elif isinstance(event, Responded) and event.complete and 200 <= event.status < 300:
            yield event, event
