"""Connections that ended because something was raised, or that were closed as if it had been.

One exception is one finding. Which one depends on where the connection stood when it came:

    before accepting          connection_error
    while the client was there message_handler_error, or what tells more: unexpected_frame,
                              collateral_disconnect, protocol_violation
    after the client had left shutdown_error
"""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING

from pytest_routes.checks.course import how_left
from pytest_routes.checks.exceptions import (
    chain_has_disconnect,
    culprit,
    describe,
    is_refused_frame,
    nature,
    state_error,
)
from pytest_routes.checks.frames import identity, origin, place
from pytest_routes.checks.unexpected import is_unexpected, unexpected_frame
from pytest_routes.checks.violations import violation
from pytest_routes.simulator.rules import IllegalEvent
from pytest_routes.simulator.transcript import (
    Answered,
    Closed,
    Event,
    Logged,
    Raised,
    Refused,
    Returned,
    Taken,
    Undelivered,
    Violated,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding

INTERNAL_ERROR = 1011  # RFC 6455, 7.4.1
LITESTAR_ERROR = 4500, "Internal Server Error"

# What frameworks log when they keep a handler's exception to themselves.
_HIDING_LOGS = (
    "Exception on websocket ",  # Quart
    "Exception on request ",  # Quart
    "Exception while handling WebSocket",  # BlackSheep
    "Unhandled exception - ",  # BlackSheep
    "[FALCON] Unhandled exception",
)
_ENDS = (Raised, Logged, Closed, Refused, Returned)
_WAY_OUT = 1.0
"""Seconds that a handler may take to return after a send to somebody else has failed."""
_GOES_ON = (Taken, Answered)
"""The handler is still at work for its own client."""
# Frameworks that read for the handler: they learn of a departure before it does.
_READS_AHEAD = frozenset({"quart"})


def hides_exception(event: Logged) -> bool:
    """Whether a framework logged it instead of letting its handler's exception out."""
    return event.exception is not None and event.message.startswith(_HIDING_LOGS)


def raised_by(event: Event) -> BaseException | None:
    """The exception with which a handler ended, if that is what the event tells."""
    if isinstance(event, Raised):
        return event.exception
    if isinstance(event, Logged) and hides_exception(event):
        return event.exception
    return None


def brought_close(event: Event) -> bool:
    """Whether the event's exception came first and the close of its connection after it, as its
    clean-up (`finally: await websocket.close()`)."""
    return isinstance(event, Raised | Logged) and event.brought_close


def failures(course: Course) -> Iterator[Finding]:
    """All findings of this file."""
    failed = set()
    seen = set()
    events = [event for event in course.transcript.events if isinstance(event, _ENDS)]
    for event in events:
        exception = raised_by(event)
        if exception is not None:
            cause = culprit(exception, course.own)
            if id(cause) not in seen:
                seen.add(id(cause))
                finding = _raised(course, event, cause)
                if finding is not None:
                    failed.add(course.client_of(event))
                    yield finding
    for event in events:
        finding = None
        if event.client in failed:
            continue
        if isinstance(event, Closed | Refused):
            finding = _closed_as_failed(course, event)
        elif isinstance(event, Returned):
            finding = _returned(course, event)
        if finding is not None:
            failed.add(event.client)
            yield finding


def _raised(course: Course, event: Event, cause: BaseException) -> Finding | None:
    hidden = not isinstance(event, Raised) or event.hidden
    gone = course.departure(event) is not None
    over = course.closed(event) is not None or course.refused(event)
    ended = over and not brought_close(event)
    kind = nature(cause)
    state = state_error(cause)
    if isinstance(cause, IllegalEvent) or (kind == "refusal" and hidden):
        return None
    if isinstance(cause, CancelledError) and (gone or over):
        return None
    if kind == "disconnect" or (state in ("send_after_close", "not_open") and not ended):
        if gone or ended:
            return None
        if course.other_departure(event) is not None and course.accepted(event):
            return _collateral(course, event, cause)
        if kind == "disconnect" and (hidden or over):
            return None
    if state == "send_after_close" and ended:
        return violation(course, event, "send_after_close", describe(cause), cause)
    if state == "order" and course.accepted(event) and not ended:
        return violation(course, event, "event_order", describe(cause), cause)
    if is_refused_frame(cause):
        return None
    return _crashed(course, event, cause)


def _crashed(course: Course, event: Event, cause: BaseException) -> Finding:
    """The exception is a bug's."""
    gone = course.departure(event) is not None
    reads_ahead = course.context.framework in _READS_AHEAD
    if gone and ((course.noticed(event, cause) and not reads_ahead) or chain_has_disconnect(cause)):
        return _shutdown_error(course, event, cause)
    if not course.accepted(event):
        return _connection_error(course, event, cause)
    if is_unexpected(course, event, cause):
        return unexpected_frame(course, event, cause)
    code = course.seen_code(event)
    closed = course.closed(event)
    text = course.told(cause)
    if closed is not None and not brought_close(event):
        message = f"Handler raised after it had closed the connection: {text}"
        expected = "Handler to end without an exception"
        actual = f"{describe(cause)} after the close with code {closed.code}"
    elif gone:
        message = f"Handler raised while it dealt with a client that had left: {text}"
        expected = "Handler to end without an exception"
        actual = f"{describe(cause)} {how_left(course.departure(event))}"
    else:
        message = f"Server closed connection unexpectedly: {text}"
        expected = "Connection to remain open"
        actual = f"Connection closed with code {code}" if code else "Connection dropped"
        actual += f" after {describe(cause)}"
    return course.finding(
        "message_handler_error",
        event,
        message=message,
        expected=expected,
        actual=actual,
        exception=cause,
        key=course.identity(cause),
    )


def _connection_error(course: Course, event: Event, cause: BaseException) -> Finding:
    refused = course.before(event, Refused) or course.after(event, Refused)
    text = course.told(cause)
    if refused is not None and course.refused(event) and not brought_close(event):
        message = f"Handler raised after it had refused the connection: {text}"
    else:
        message = f"Handler raised before it accepted or refused the connection: {text}"
    status = refused.status if refused is not None else 500
    return course.finding(
        "connection_error",
        event,
        message=message,
        expected="Connection to be accepted or refused",
        actual=f"Handshake answered with HTTP {status} after {describe(cause)}",
        exception=cause,
        key=course.identity(cause),
    )


def _shutdown_error(course: Course, event: Event, cause: BaseException) -> Finding:
    return course.finding(
        "shutdown_error",
        event,
        message=f"Handler raised because the client left: {course.told(cause)}",
        expected="Handler to end without an exception",
        actual=f"{describe(cause)} {how_left(course.departure(event))}",
        exception=cause,
        key=course.identity(cause),
    )


def _collateral(course: Course, event: Event, cause: BaseException | None) -> Finding:
    other = course.other_departure(event)
    client = course.client_of(event)
    gone = f"client {other.client}" if other is not None else "another client"
    line = origin(cause, course.own) if cause is not None else None
    at = place(line)
    if cause is not None:
        actual = f"It ended with {describe(cause)} when something was sent to {gone}"
    else:
        actual = f"Its handler returned when a send to {gone} had failed"
    return course.finding(
        "collateral_disconnect",
        event,
        message=f"Connection of client {client} ended because {gone} had left"
        + (f": {at}" if at else ""),
        expected=f"Connection of client {client} to remain open",
        actual=actual,
        exception=cause,
        key=identity(line) or ("returned",),
    )


def _closed_as_failed(course: Course, event: Closed | Refused) -> Finding | None:
    """The application says that it failed, and no exception of it was seen."""
    if course.before(event, Raised) or course.before(event, Violated):
        return None  # the answer to an exception that is no bug, or to the server's own
    litestar = course.context.framework == "litestar"
    failed = event.code == INTERNAL_ERROR
    failed = failed or (litestar and (event.code, event.reason) == LITESTAR_ERROR)
    if isinstance(event, Refused):
        failed = failed or (event.code is None and event.status >= 500 and event.status != 503)
    if not failed:
        return None
    logged = course.before(event, Logged)
    cause = None
    if logged is not None and logged.exception is not None:
        cause = culprit(logged.exception, course.own)
        if nature(cause) != "error":
            cause = None
    after = f" after it logged {describe(cause)}" if cause is not None else ""
    told = f"{event.code}" + (f" ({event.reason})" if event.reason else "")
    if isinstance(event, Refused):
        said = f"close code {told}" if event.code is not None else f"HTTP {event.status}"
        return course.finding(
            "connection_error",
            event,
            message=f"Connection refused with an internal error{after}",
            expected="Connection to be accepted, or refused for the client's fault",
            actual=f"Connection refused with {said}",
            exception=cause,
            key=course.identity(cause) if cause is not None else ("refused", str(event.code)),
        )
    return course.finding(
        "message_handler_error",
        event,
        message=f"Server closed connection unexpectedly{after}",
        expected="Connection to remain open",
        actual=f"Connection closed with code {told}",
        exception=cause,
        key=course.identity(cause) if cause is not None else ("closed", str(event.code)),
    )


def _returned(course: Course, event: Returned) -> Finding | None:
    if course.departure(event) is not None or course.refused(event):
        return None
    if not course.accepted(event):
        return course.finding(
            "connection_error",
            event,
            message="Handler returned before it accepted or refused the connection",
            expected="Connection to be accepted or refused",
            actual="Handshake answered with HTTP 500: the handler returned",
            key=("returned",),
        )
    failed = _failed_send(course, event)
    if failed is not None and event.time - failed.time > _WAY_OUT:
        return None  # it had stayed
    if failed is not None and course.closed(event) is None:
        return _collateral(course, event, None)
    return None


def _failed_send(course: Course, event: Returned) -> Undelivered | None:
    """The send to another client that failed in the event's handler, with nothing after it."""
    latest = None
    for each in course.transcript.events[: course.position(event)]:
        if isinstance(each, Undelivered) and each.sender == event.client != each.client:
            latest = each
        elif each.client == event.client and isinstance(each, _GOES_ON):
            latest = None
    return latest
