"""What a finding means on a server and what to do about it.

The catalogue says it for each check; where more is known of a finding, the first situation of
the table that it is in says what fits it better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.checks.catalogue import CATALOGUE
from pytest_routes.checks.exceptions import state_error
from pytest_routes.checks.frames import chain
from pytest_routes.simulator.transcript import (
    Answered,
    Closed,
    Left,
    Logged,
    Raised,
    Sent,
    Stuck,
    TaskFailed,
    Undelivered,
    Vanished,
    Waited,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Event

Situation: TypeAlias = Callable[["Finding"], bool]


@dataclass(frozen=True, slots=True)
class Advice:
    matters: str
    """What it does to a real server and its clients."""
    fix: str
    """What the application's author can do."""


def advice(finding: Finding) -> Advice | None:
    """None for a check that the catalogue does not have."""
    check = CATALOGUE.get(finding.check)
    if check is None:
        return None
    matters, fix = check.matters, check.fix
    for situation, special_matters, special_fix in _SITUATIONS.get(finding.check, ()):
        if situation(finding):
            matters, fix = special_matters or matters, special_fix or fix
            break
    return Advice(matters, _OVER_A_COPY if _changed_while_iterated(finding) else fix)


def _in_a_task(finding: Finding) -> bool:
    return isinstance(finding.event, TaskFailed)


def _after_closing(finding: Finding) -> bool:
    if isinstance(finding.event, Raised | Logged) and finding.event.brought_close:
        return False
    return any(isinstance(each, Closed) for each in _earlier(finding))


def _after_leaving(finding: Finding) -> bool:
    return any(isinstance(each, Left | Vanished) for each in _earlier(finding))


def _sends_to_who_has_gone(finding: Finding) -> bool:
    """A send to another client's connection raised, one that is over.

    Starlette refuses it by itself: the exception is the one of a handler that goes on after it
    has closed its own connection, and nothing reaches the server.
    """
    if _after_closing(finding) or _after_leaving(finding) or not isinstance(finding.event, Raised):
        return False
    exception = finding.exception
    if exception is not None and state_error(exception) == "send_after_close":
        return True
    return any(
        isinstance(each, Undelivered) and each.sender == finding.event.client
        for each in finding.transcript.events
    )


def _before_anything_happened(finding: Finding) -> bool:
    """Only the handshake can be at fault: nobody had said anything, and no time had passed."""
    if not isinstance(finding.event, Raised):
        return False
    for each in finding.transcript.events:
        if each is finding.event:
            break
        if isinstance(each, Sent | Waited | Left | Vanished):
            return False
    return True


def _beside_another(finding: Finding) -> bool:
    """What another client had said was not answered yet when the failing message came."""
    unanswered: dict[int, int] = {}
    beside = False
    for each in finding.transcript.events:
        if each is finding.event:
            break
        if isinstance(each, Sent):
            if each.client == finding.event.client:
                beside = any(n for other, n in unanswered.items() if other != each.client)
            unanswered[each.client] = unanswered.get(each.client, 0) + 1
        elif isinstance(each, Answered):
            unanswered[each.client] = max(0, unanswered.get(each.client, 0) - 1)
    return beside


def _changed_while_iterated(finding: Finding) -> bool:
    """`Set changed size during iteration`, and what dictionaries and deques say."""
    exception = finding.exception
    return exception is not None and any(
        isinstance(each, RuntimeError)
        and str(each).endswith(("changed size during iteration", "mutated during iteration"))
        for each in chain(exception)
    )


def _waits_for_a_lock(finding: Finding) -> bool:
    return _waits_in(finding, "Lock.acquire", "Semaphore.acquire")


def _waits_for_a_consumer(finding: Finding) -> bool:
    return _waits_in(finding, "Queue.put")


def _waits_in(finding: Finding, *functions: str) -> bool:
    """Whether a handler that is stuck waits in a function, for ever."""
    event = finding.event
    if not isinstance(event, Stuck) or not event.proven or not event.where:
        return False
    return event.where[-1].function.endswith(functions)


def _earlier(finding: Finding) -> Iterator[Event]:
    """What had happened on the finding's connection before."""
    for each in finding.transcript.events:
        if each is finding.event:
            return
        if each.client == finding.event.client:
            yield each


_OVER_A_COPY = (
    "Iterate over a copy (`list(...)`): while the loop awaits, other connections come and go."
)
_STUCK: tuple[tuple[Situation, str, str], ...] = (
    (
        _waits_for_a_lock,
        "",
        "Release it on every way out of the handler (`async with`): who leaves with it, as a "
        "client of an earlier conversation may have done, keeps everybody else waiting.",
    ),
    (
        _waits_for_a_consumer,
        "",
        "The queue is full, and nothing takes from it any more: await its consumer beside the "
        "reading, and refuse or drop what does not fit (`put_nowait`).",
    ),
)
_SITUATIONS: dict[str, tuple[tuple[Situation, str, str], ...]] = {
    # The situation, what it means, what to do; empty: what the catalogue says.
    "connection_timeout": _STUCK,
    "message_timeout": _STUCK,
    "shutdown_timeout": _STUCK,
    "message_handler_error": (
        (
            _sends_to_who_has_gone,
            CATALOGUE["collateral_disconnect"].matters,
            "The connection that is over is another client's: take each client off what is sent "
            "to when it leaves (in a `finally`), and catch the exception of each send.",
        ),
        (
            _in_a_task,
            "The connection stays open, but what the task did for it (a heartbeat, a sender) has "
            "stopped, and neither the client nor the handler is told.",
            "Handle the exception in the task, or await the task beside the reading (in a task "
            "group, say) and close the connection when it fails.",
        ),
        (
            _after_closing,
            "The server logs a traceback for a connection that was closed on purpose.",
            "Leave the loop after closing: neither read nor send on a closed connection.",
        ),
        (
            _after_leaving,
            "Clients leave at any moment: the server logs a traceback, and the cleanup after the "
            "failing line does not run.",
            "",
        ),
        (
            _beside_another,
            "",
            "Two clients' messages were handled at once: what was checked before an `await` may no "
            "longer be true after it. Check it again, or hold a lock (`asyncio.Lock`) around both.",
        ),
        (
            _before_anything_happened,
            "The server logs a traceback and drops the connection; the client sees 1006 or 1011 "
            "before it has said anything.",
            "Validate the path, the query and the headers before accepting, and refuse what is "
            "wrong with a code that says why (1008, 4000-4999).",
        ),
    ),
}
