"""Who is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Opened,
    Responded,
    Returned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.course import Course
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.conversation import Handshake


def bypasses(course: Course) -> Iterator[Finding]:
    """A route that must refuse clients without credentials, and serves one."""
    if not course.context.must_authenticate:
        return
    for event in course.transcript.events:
        if isinstance(event, Accepted) and _serves(course, event):
            actual = "Connection accepted, and kept open"
        elif isinstance(event, Responded) and 200 <= event.status < 300:
            actual = f"HTTP {event.status}"
        else:
            continue
        yield course.finding(
            "auth_bypass",
            event,
            message="Client without credentials was let in",
            expected="Client without credentials to be refused",
            actual=actual,
        )
        return


def _serves(course: Course, accepted: Accepted) -> bool:
    """Whether the handler did not turn the client away after it had accepted.

    Close codes reach a browser only after accepting, so many handlers accept and then close.
    Where the first message carries the credentials, a handler may also say that they are wrong
    and wait for others: the client was let in when it is answered what one is answered that has
    the right ones.
    """
    if course.context.first_message_authenticates:
        answers = tuple(each.message for each in course.transcript.of(Answered, accepted.client))
        return bool(answers) and answers == course.context.answers_to_credentials
    turned_away = course.after(accepted, Closed) or course.after(accepted, Returned)
    if turned_away is not None and course.departure(turned_away) is not None:
        turned_away = None  # the client went by itself
    return turned_away is None or course.taken(turned_away) > 0


def unchecked_origins(course: Course) -> Iterator[Finding]:
    """A handshake that another site's page could have made with its visitor's cookies."""
    for opened in course.transcript.of(Opened):
        origin = _foreign_origin(opened.handshake)
        accepted = course.after(opened, Accepted)
        if origin is None or accepted is None:
            continue
        closed = course.after(accepted, Closed)
        if closed is not None and course.taken(closed) == 0:
            continue
        yield course.finding(
            "origin_unchecked",
            accepted,
            message="Handshake with cookies from a foreign origin was accepted",
            expected="Connection to be refused",
            actual=f"Connection accepted with Origin {origin}",
        )
        return


def _foreign_origin(handshake: Handshake) -> str | None:
    headers = {name.lower(): value for name, value in handshake.headers}
    origin = headers.get("origin")
    if origin is None or "cookie" not in headers:
        return None
    host = headers.get("host", handshake.host)
    return None if urlsplit(origin).netloc.lower() == host.lower() else origin
