"""How things stood when a conversation failed: the numbers of the failure block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_routes.simulator import transcript as t

if TYPE_CHECKING:
    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.conversation import Message

ABNORMAL_CLOSURE = 1006  # RFC 6455, 7.4.1: the connection ended without a close frame


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of the failing client's connection at the event that shows the failure."""

    client: int
    several: bool
    """Other clients took part."""
    index: int | None
    """The last message that the handler took from the client, or that was sent, from 1."""
    message: Message | None
    remark: str
    """What `index` alone would not say."""
    state: str
    close_code: str
    sent: int
    """Messages of all clients until then."""
    answer: Message | None
    """The last message that the client got until then."""
    elapsed: float
    """Seconds of the loop's time."""


def is_about_all(finding: Finding) -> bool:
    """Whether no single event shows the finding, but the conversation as a whole."""
    return isinstance(finding.event, t.Opened)


def standing(finding: Finding) -> Standing:
    """Read it off the finding's transcript."""
    events = finding.transcript.events
    end = next((i for i, event in enumerate(events) if event is finding.event), len(events))
    if is_about_all(finding):
        end = len(events)
    before = events[:end]
    client = _failing_client(finding.event, before)
    own = [event for event in before if event.client == client]
    sent = [event for event in own if isinstance(event, t.Sent)]
    taken = [event for event in own if isinstance(event, t.Taken)]
    index = taken[-1].index if taken else sent[-1].index if sent else None
    state, close_code = _connection(events, end, client)
    return Standing(
        client=client,
        several=len(set(finding.transcript.clients)) > 1,
        index=index,
        message=next((event.message for event in sent if event.index == index), None),
        remark=_remark(own, index, bool(taken)),
        state=state,
        close_code=close_code,
        sent=sum(isinstance(event, t.Sent) for event in before),
        answer=_last_answer([*own, finding.event]),
        elapsed=finding.event.time,
    )


def _last_answer(events: list[t.Event]) -> Message | None:
    return next((each.message for each in reversed(events) if isinstance(each, t.Answered)), None)


def _failing_client(failed: t.Event, before: list[t.Event]) -> int:
    if failed.client >= 0:
        return failed.client
    talking = (event for event in reversed(before) if isinstance(event, (t.Taken, t.Sent)))
    last = next(talking, None) or next((e for e in before if isinstance(e, t.Opened)), None)
    return last.client if last is not None else 0


def _remark(own: list[t.Event], index: int | None, taken: bool) -> str:
    gone = next((e for e in own if isinstance(e, (t.Left, t.Vanished))), None)
    if isinstance(gone, t.Left):
        after = f"after the client left with close code {gone.code}"
    elif gone is not None:
        after = "after the client's connection was lost"
    elif index is not None and not taken:
        after = "which the handler had not read"
    else:
        after = ""
    if index is not None:
        return after
    return f"{after}; no message was sent" if after else "before any message"


def _connection(events: list[t.Event], end: int, client: int) -> tuple[str, str]:
    """State and close code; what the client did after the failure does not count."""
    state = "connecting"
    for position, event in enumerate(events):
        if event.client != client:
            continue
        match event:
            case t.Accepted():
                state = "open"
            case t.Refused():
                code = f"{event.code} " if event.code is not None else ""
                return "refused", f"{code or 'none '}(HTTP {event.status})"
            case t.Closed():
                return "closed", str(event.code)
            case t.Left() if position < end:
                return "closed by the client", str(event.code)
            case t.Vanished() if position < end:
                return "lost", _seen(ABNORMAL_CLOSURE)
            case t.Left() | t.Vanished():
                break
            case t.Dropped():
                return "closed", _seen(event.code)
            case t.Raised(hidden=False) | t.Returned() if state == "connecting":
                return "refused", "none (HTTP 500)"
    return state, "none"


def _seen(code: int) -> str:
    return f"{code} (no close was sent)" if code == ABNORMAL_CLOSURE else str(code)
