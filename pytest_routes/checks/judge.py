"""Everything that is wrong in one transcript, most telling first, each root cause once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.checks.access import bypasses, unchecked_origins
from pytest_routes.checks.answers import mismatches
from pytest_routes.checks.background import (
    failed_tasks,
    left_tasks,
    logged_exceptions,
    loop_errors,
)
from pytest_routes.checks.catalogue import CHECKS, CheckKind
from pytest_routes.checks.course import Course
from pytest_routes.checks.failures import failures
from pytest_routes.checks.frames import chain, frames_of, innermost
from pytest_routes.checks.http import request_failures
from pytest_routes.checks.violations import violations
from pytest_routes.checks.waiting import blocks, floods, timeouts
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Blocked,
    Closed,
    Event,
    Flooded,
    Logged,
    LoopError,
    Raised,
    Refused,
    Responded,
    Returned,
    Stuck,
    TaskFailed,
    TaskLeft,
    Violated,
)

if TYPE_CHECKING:
    from pytest_routes.checks.context import Context
    from pytest_routes.checks.finding import Finding, Severity
    from pytest_routes.simulator.transcript import Transcript

CheckFunction: TypeAlias = Callable[[Course], Iterator["Finding"]]

_ENDS = (Returned, Raised, Closed, Refused, Logged)
# Which check reads a transcript that has which events: most conversations have nothing to judge.
_BACKGROUND: tuple[tuple[CheckFunction, tuple[type[Event], ...]], ...] = (
    (violations, (Violated,)),
    (timeouts, (Stuck,)),
    (blocks, (Blocked,)),
    (failed_tasks, (TaskFailed,)),
    (left_tasks, (TaskLeft,)),
    (loop_errors, (LoopError,)),
    (logged_exceptions, (Logged,)),
)
_FUNCTIONS: dict[CheckKind, tuple[tuple[CheckFunction, tuple[type[Event], ...]], ...]] = {
    "websocket": (
        (failures, _ENDS),
        (floods, (Flooded,)),
        (mismatches, (Answered,)),
        (bypasses, (Accepted,)),
        (unchecked_origins, (Accepted,)),
        *_BACKGROUND,
    ),
    "http": (
        (request_failures, (*_ENDS, Responded)),
        (mismatches, (Responded,)),
        (bypasses, (Responded,)),
        *_BACKGROUND,
    ),
}
_RANK = {check.name: rank for rank, check in enumerate(CHECKS)}
_SEVERITIES = ("error", "warn", "off")

_CRASHES = frozenset({"message_handler_error", "connection_error", "unexpected_frame"})
_TIMEOUTS = frozenset({"connection_timeout", "message_timeout", "shutdown_timeout"})
# What one finding explains of the same client's others, wherever they stand.
_EXPLAINS: dict[str, frozenset[str]] = {
    "message_handler_error": _TIMEOUTS | {"leaked_task"},
    "unexpected_frame": _TIMEOUTS | {"leaked_task"},
    "connection_error": _TIMEOUTS | {"leaked_task"},
    "shutdown_error": frozenset({"leaked_task"}),
    "protocol_violation": _CRASHES - {"message_handler_error"} | {"leaked_task", "server_error"},
    "invalid_close": frozenset({"leaked_task"}),
    "connection_timeout": frozenset({"shutdown_timeout", "leaked_task"}),
    "message_timeout": frozenset({"shutdown_timeout", "leaked_task"}),
    "response_timeout": frozenset({"protocol_violation", "leaked_task"}),
    "shutdown_timeout": frozenset({"leaked_task"}),
    "message_flood": _TIMEOUTS | {"leaked_task"},
    "handler_error": frozenset({"response_timeout", "leaked_task", "protocol_violation"}),
    "collateral_disconnect": frozenset({"leaked_task"}),
}


def judge(
    transcript: Transcript,
    severities: Mapping[str, Severity] | object,
    context: Context,
) -> list[Finding]:
    """All findings of a conversation or a request, most telling first.

    `severities` says `error`, `warn` or `off` for each check by name, as a mapping or as an
    object with attributes; a check that it does not name has its default.
    """
    course = Course(transcript, context)
    happened = {type(event) for event in transcript.events}
    found = [
        finding
        for check, reads in _FUNCTIONS[context.kind]
        if not happened.isdisjoint(reads)
        for finding in check(course)
    ]
    if not found:
        return found
    # A check that is off still explains: its consequences are no news either.
    told = (
        replace(finding, severity=_severity(severities, finding))
        for finding in _without_consequences(course, found)
    )
    rated = [finding for finding in told if finding.severity != "off"]
    rated.sort(
        key=lambda each: (
            _SEVERITIES.index(each.severity),
            _RANK[each.check],
            course.position(each.event),
        )
    )
    return rated


def _severity(severities: Mapping[str, Severity] | object, finding: Finding) -> Severity:
    if isinstance(severities, Mapping):
        severity: Severity = severities.get(finding.check, finding.severity)
    else:
        severity = getattr(severities, finding.check, finding.severity)
    return severity


def _without_consequences(course: Course, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that no other finding explains, each bug once."""
    findings = sorted(found, key=lambda each: _RANK[each.check])
    blocked = [
        course.position(each.event) for each in findings if each.check == "blocked_event_loop"
    ]
    keys = set()
    kept: list[Finding] = []
    for finding in findings:
        # What an interrupted application does from there on says nothing about it.
        after_block = any(at < course.position(finding.event) for at in blocked)
        if finding.check != "blocked_event_loop" and after_block:
            continue
        if finding.key in keys or any(_explains(course, each, finding) for each in findings):
            continue
        keys.add(finding.key)
        kept.append(finding)
    yield from kept


def _explains(course: Course, cause: Finding, finding: Finding) -> bool:
    if finding.exception is not None and cause.exception is not None:
        same = any(each is finding.exception for each in chain(cause.exception))
        answered = any(each is cause.exception for each in chain(finding.exception))
        if cause.check in _CRASHES and answered and _is_how_it_is_closed(course, finding):
            return True
        if finding.check == "logged_exception":
            same = same or answered
        if same and _RANK[cause.check] < _RANK[finding.check]:
            return True
    return finding.check in _EXPLAINS.get(cause.check, ()) and (
        course.client_of(cause.event) == course.client_of(finding.event)
    )


def _is_how_it_is_closed(course: Course, finding: Finding) -> bool:
    """Whether it comes of how a framework closes on an exception, which it answers."""
    if finding.check == "invalid_close":
        return True  # with the exception's text as the reason
    # Another time, where the application has closed in its `finally`.
    assert finding.exception is not None
    return finding.key[:2] == ("protocol_violation", "send_after_close") and not innermost(
        frames_of(finding.exception), course.own
    )
