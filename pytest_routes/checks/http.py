"""Requests that ended with an exception, or were answered as if they had."""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING

from pytest_routes.checks.exceptions import (
    answer_status,
    culprit,
    describe,
    names,
    nature,
)
from pytest_routes.checks.failures import raised_by
from pytest_routes.checks.frames import chain, frames_of, identity, origin, place
from pytest_routes.simulator.rules import IllegalEvent
from pytest_routes.simulator.transcript import Event, Raised, Requested, Responded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Frame

_NOT_IMPLEMENTED, _UNAVAILABLE = 501, 503
_EXCEPTION_TAKER = "wrap_app_handling_exceptions.<locals>.wrapped_app"
_RESPONSE_VALIDATION = "fastapi.exceptions.ResponseValidationError"


def request_failures(course: Course) -> Iterator[Finding]:
    """One finding for the exception behind a request's failure, or else for its status."""
    found = False
    seen = set()
    for event in course.transcript.events:
        exception = raised_by(event)
        if exception is not None:
            if _is_of_a_refusal(exception, course.own) or _is_too_deep(exception, course.own):
                return
            cause = culprit(exception, course.own)
            if id(cause) not in seen and _is_failure(course, event, cause):
                seen.add(id(cause))
                found = True
                yield _handler_error(course, event, cause)
    if not found:
        for response in course.transcript.of(Responded):
            if _says_failed(response):
                yield _server_error(course, response)


def _is_of_a_refusal(exception: BaseException, own: Callable[[str], bool]) -> bool:
    """The framework has refused the request and has failed to say so, without the application.

    FastAPI (0.165) answers a body with NaN or a lone surrogate so: they are in the answer that
    its own handler of `RequestValidationError` makes, and cannot be written as JSON.
    """
    led_here = list(chain(exception))
    return any(nature(each) == "refusal" for each in led_here[1:]) and not _has_run(led_here, own)


def _is_too_deep(exception: BaseException, own: Callable[[str], bool]) -> bool:
    """The framework has tried to decode a body that nests deeper than the interpreter goes.

    Litestar (2.25) decodes JSON before it looks at its type; no line of the application has run.
    """
    led_here = list(chain(exception))
    too_deep = any(isinstance(each, RecursionError) for each in led_here)
    return too_deep and not _has_run(led_here, own)


def _has_run(led_here: Sequence[BaseException], own: Callable[[str], bool]) -> bool:
    """A line of the application, other than of its middleware, has led to the exceptions."""
    return any(own(frame.file) for each in led_here for frame in _within_handlers(each))


def _within_handlers(exception: BaseException) -> Sequence[Frame]:
    """The lines below those at which Starlette takes exceptions: without middleware."""
    frames = frames_of(exception)
    takers = [i for i, each in enumerate(frames) if each.function.endswith(_EXCEPTION_TAKER)]
    return frames[takers[-1] + 1 :] if takers else frames


def _is_failure(course: Course, event: Event, cause: BaseException) -> bool:
    if isinstance(cause, IllegalEvent) or nature(cause) == "disconnect":
        return False
    if isinstance(event, Raised) and not event.hidden:
        return not isinstance(cause, CancelledError)
    # An observer is told of every exception, also of those that become an answer: a refusal,
    # one that the application maps to a 4xx, or a status of its own choice.
    if nature(cause) == "refusal" or answer_status(cause) is not None:
        return False
    response = course.transcript.first(Responded)
    return response is None or response.status >= 500


def _handler_error(course: Course, event: Event, cause: BaseException) -> Finding:
    response = course.transcript.first(Responded)
    text = course.told(cause)
    if _RESPONSE_VALIDATION in names(cause):
        check, message = "response_mismatch", f"Answer does not fit the declared type: {text}"
    else:
        check, message = "handler_error", f"Handler raised {text}"
    if response is None:
        actual = f"{describe(cause)}; the server answers HTTP 500"
    elif response.complete:
        actual = f"HTTP {response.status} after {describe(cause)}"
    else:
        actual = f"{describe(cause)} after the response had started with HTTP {response.status}"
    return course.finding(
        check,
        event,
        message=message,
        expected="A complete response, whatever the request",
        actual=actual,
        exception=cause,
        key=course.identity(cause),
    )


def _says_failed(response: Responded) -> bool:
    """Whether a status blames the server for something that it did not announce.

    501 says that nothing was promised (RFC 9110, 15.6.2), and 503 with Retry-After that it is
    planned and temporary (15.6.4).
    """
    if response.status == _UNAVAILABLE:
        return all(name != b"retry-after" for name, _ in response.headers)
    return response.status >= 500 and response.status != _NOT_IMPLEMENTED


def _server_error(course: Course, response: Responded) -> Finding:
    cause = next(
        (raised.exception for raised in course.transcript.of(Raised) if raised.hidden), None
    )
    line = origin(cause, course.own) if cause is not None else None
    at = place(line)
    method = next((each.request.method for each in course.transcript.of(Requested)), "")
    return course.finding(
        "server_error",
        response,
        message=f"Request was answered with HTTP {response.status}" + (f" in {at}" if at else ""),
        expected=f"An answer below 500 to {method}".rstrip(),
        actual=f"HTTP {response.status}" + (f": {describe(cause)}" if cause is not None else ""),
        exception=cause,
        key=(str(response.status), *identity(line)),
    )
