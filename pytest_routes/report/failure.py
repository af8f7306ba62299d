"""The text of a failure: the block, the conversation, the traceback, what to do, the seed."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

from pytest_routes.checks.advice import advice
from pytest_routes.report.literals import (
    message_literal,
    printable,
    printable_lines,
    shortened,
)
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.report.standing import Standing, is_about_all, standing
from pytest_routes.report.timeline import entry_lines, timeline
from pytest_routes.report.tracebacks import Own, TbStyle, frame_lines, traceback_lines
from pytest_routes.report.wording import (
    TARGET,
    Style,
    body_literal,
    headers,
    response_headers,
    status_line,
    target,
)
from pytest_routes.simulator import transcript as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_routes.checks.finding import Finding
    from pytest_routes.routes.model import Route, RouteKind

WIDTH = 60
RULE = "=" * WIDTH
_TEXT_WIDTH = 88


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much is shown at a verbosity."""

    payload: int
    """Characters of the message that failed."""
    content: int
    """Characters of each message in the conversation."""
    entries: int | None


_AMOUNTS = {
    -1: _Amount(payload=200, content=60, entries=12),
    0: _Amount(payload=400, content=100, entries=40),
    1: _Amount(payload=2_000, content=400, entries=200),
    2: _Amount(payload=8_000, content=1_000, entries=None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How failures are told: what pytest was asked for, and what must not be said."""

    verbosity: int = 0
    tb_style: TbStyle = "auto"
    secrets: Redaction = NOTHING_SECRET
    start: str = ""
    """Paths below this folder are shown relative to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """How a failure is brought about again."""

    seed: int
    command: str
    replay: str | None = None
    """Path of the replay file."""
    test: str | None = None
    """Source of a test that shows the failure; told at verbosity 2."""
    first_seen: int | None = None
    """In which sequence (or request) of the route, counted from 1."""
    shrunk: bool = True
    """The conversation was made as short as possible."""
    note: str | None = None
    """What is not as usual: the failure is flaky, or depends on what ran before."""


def failure_text(
    finding: Finding, route: Route, reproduction: Reproduction, telling: Telling = Telling()
) -> str:
    """What pytest prints for a route with one failure."""
    return failures_text([(finding, reproduction)], route, telling)


def finding_text(finding: Finding, route: Route, telling: Telling = Telling()) -> str:
    """What is wrong, for a test by hand: no seed and no command bring it about again."""
    nowhere = Reproduction(seed=0, command="")
    lines = _block(finding, route, telling) + _evidence(finding, route, nowhere, telling)
    return "\n".join(lines + _advice(finding, route))


def failures_text(
    failures: Sequence[tuple[Finding, Reproduction]], route: Route, telling: Telling = Telling()
) -> str:
    """What pytest prints for a failed route: each distinct failure in a block of its own.

    The seed and the command are said once, at the end; they reproduce all of them. With
    `--tb=line`, pytest itself says the rest in one line.
    """
    if telling.tb_style == "line":
        return f"{_verdict(route, failures[-1][1])}: {printable(route.id)}"
    lines: list[str] = []
    explained: set[tuple[str, ...]] = set()
    for number, (finding, reproduction) in enumerate(failures, 1):
        if len(failures) > 1:
            lines += [""] if lines and lines[-1] else []
            lines += [f"Failure {number} of {len(failures)}"]
        lines += _block(finding, route, telling)
        lines += _evidence(finding, route, reproduction, telling)
        explanation = _advice(finding, route)
        if tuple(explanation) not in explained and telling.verbosity >= 0:
            lines += explanation
        explained.add(tuple(explanation))
        if reproduction.note:
            lines += ["", fill(telling.secrets(reproduction.note), _TEXT_WIDTH)]
        lines += [""]
        if reproduction.replay:
            lines += [f"Replay file: {printable(reproduction.replay)}"]
        if reproduction.test and telling.verbosity >= 2:
            lines += ["A test that shows it:", "", reproduction.test.rstrip("\n"), ""]
    _, last = failures[-1]
    lines += [_verdict(route, last)]
    lines += [f"Reproduce: {printable(telling.secrets(last.command))}"]
    return "\n".join(lines)


def _verdict(route: Route, reproduction: Reproduction) -> str:
    what = "WebSocket" if route.kind == "websocket" else "HTTP"
    return f"{what} test failed (seed: {reproduction.seed})"


def failure_line(finding: Finding, telling: Telling = Telling()) -> str:
    """One line for the short test summary, CI annotations and JUnit."""
    return f"{finding.check}: {_one_line(finding.message, telling)}"


def _block(finding: Finding, route: Route, telling: Telling) -> list[str]:
    kind = "WEBSOCKET" if route.kind == "websocket" else "HTTP"
    head = [
        RULE,
        f"{kind} TEST FAILURE: {printable(route.id)}",
        RULE,
        "",
        f"Error Type: {finding.check}",
        f"Message: {_one_line(finding.message, telling)}",
        "",
    ]
    body = _websocket if route.kind == "websocket" else _http
    return [*head, *body(finding, telling), RULE]


def _websocket(finding: Finding, telling: Telling) -> list[str]:
    now = standing(finding)
    limit = _amount(telling).payload
    answer = message_literal(now.answer, limit, telling.secrets) if now.answer else "None"
    lines = [f"Failed at message index: {_index(now)}", ""]
    if now.message is not None:
        payload = message_literal(now.message, limit, telling.secrets)
        lines += [f"Sent ({now.message.kind}):", f"  {payload}", ""]
    return [
        *lines,
        *_judgement(finding, telling),
        f"Connection State: {now.state}",
        f"Close Code: {now.close_code}",
        "",
        "Additional Context:",
        f"  total_messages_sent: {now.sent}",
        f"  last_response: {answer}",
        f"  elapsed_time_ms: {now.elapsed * 1000:.1f}",
    ]


def _http(finding: Finding, telling: Telling) -> list[str]:
    style = Style(_amount(telling).payload, telling.secrets)
    lines: list[str] = []
    requested = finding.transcript.first(t.Requested)
    if requested is not None:
        request = requested.request
        asked = shortened(target(request, telling.secrets), max(style.limit, TARGET))
        lines += ["Request:", f"  {request.method} {asked}"]
        lines += _indented(headers(request.headers, style))
        lines += _indented([body_literal(request.body, style)] if request.body else [])
        lines += [""]
    lines += _judgement(finding, telling)
    responded = finding.transcript.first(t.Responded)
    if responded is None:
        lines += ["Response: none", ""]
    else:
        lines += ["Response:", f"  {status_line(responded.status)}"]
        lines += _indented(response_headers(responded.headers, style))
        lines += _indented([body_literal(responded.body, style)] if responded.body else [])
        lines += [""] if responded.complete else ["  (it never ended)", ""]
    return [
        *lines,
        "Additional Context:",
        f"  elapsed_time_ms: {finding.event.time * 1000:.1f}",
    ]


def _judgement(finding: Finding, telling: Telling) -> list[str]:
    return [
        "Expected:",
        *_indented(_text(finding.expected, telling)),
        "",
        "Actual:",
        *_indented(_text(finding.actual, telling)),
        "",
    ]


def _evidence(
    finding: Finding, route: Route, reproduction: Reproduction, telling: Telling
) -> list[str]:
    lines: list[str] = []
    if _worth_a_conversation(finding, route):
        amount = _amount(telling)
        entries = timeline(
            finding.transcript,
            None if is_about_all(finding) else finding.event,
            limit=amount.content,
            at_most=amount.entries,
            redact=telling.secrets,
        )
        what, one = _CALLED[route.kind]
        seen = reproduction.first_seen
        shortest = "shortest found; " if reproduction.shrunk else ""
        found = f" ({shortest}first seen in {one} {seen})" if seen else ""
        lines += ["", f"{what}{found}:", *entry_lines(entries)]
    own = Own.of(route.handler, telling.start)
    exception, traceback = exception_of(finding), []
    style, redact = telling.tb_style, telling.secrets
    if exception is not None:
        traceback = traceback_lines(exception, own, style=style, redact=redact)
        lines += ["", "Traceback:", *traceback] if traceback else []
    where = getattr(finding.event, "where", ())
    # The traceback of what the server has raised for it says the same.
    if where and not (traceback and isinstance(finding.event, t.Violated)):
        frames = frame_lines(where, own, style=style, redact=redact)
        lines += ["", _WHERE[type(finding.event)], *frames] if frames else []
    for label, frames_of_task in getattr(finding.event, "tasks", ()):
        frames = frame_lines(frames_of_task, own, style=style, redact=redact)
        lines += ["", f"Where its task {printable(label)} waits:", *frames] if frames else []
    return lines


_CALLED: dict[RouteKind, tuple[str, str]] = {
    "websocket": ("Conversation", "sequence"),
    "http": ("Exchange", "request"),
}
_WHERE: dict[type[t.Event], str] = {
    t.Stuck: "Where the handler waits:",
    t.Returned: "Where the handler returned:",
    t.Blocked: "Where the event loop was held:",
    t.TaskLeft: "Where the task waits:",
    t.Violated: "Where it was done:",
}
_SHOWN_IN_HTTP_BLOCK = (t.Requested, t.Responded, t.Raised, t.Returned, t.Taken)


def _worth_a_conversation(finding: Finding, route: Route) -> bool:
    """One request and its response are in the block already."""
    if route.kind == "websocket":
        return True
    events = finding.transcript.events
    requests = sum(isinstance(event, t.Requested) for event in events)
    return requests > 1 or not all(isinstance(event, _SHOWN_IN_HTTP_BLOCK) for event in events)


def _advice(finding: Finding, route: Route) -> list[str]:
    told = advice(finding)
    if told is None:
        return []
    silence = f'{finding.check} = "off" in [tool.pytest-routes.{route.kind}.checks] silences it.'
    return [
        "",
        "What it means on a server:",
        *_paragraph(told.matters),
        "What to do:",
        *_paragraph(told.fix),
        f"  {silence}",
    ]


def _index(now: Standing) -> str:
    index = str(now.index) if now.index is not None else "none"
    of = f" of client {now.client}" if now.several else ""
    return f"{index}{of}" + (f" ({now.remark})" if now.remark else "")


def exception_of(finding: Finding) -> BaseException | None:
    """The application's exception behind the finding, when there is one."""
    return finding.exception or getattr(finding.event, "exception", None)


def _amount(telling: Telling) -> _Amount:
    return _AMOUNTS[max(-1, min(telling.verbosity, 2))]


def _one_line(text: str, telling: Telling) -> str:
    line = " ".join(part.strip() for part in telling.secrets(text).split("\n"))
    return printable(shortened(line, _amount(telling).payload))


def _text(text: str, telling: Telling) -> list[str]:
    limit = _amount(telling).payload
    return [shortened(line, limit) for line in printable_lines(telling.secrets(text))]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}".rstrip() for line in lines]


def _paragraph(text: str) -> list[str]:
    return fill(text, _TEXT_WIDTH, initial_indent="  ", subsequent_indent="  ").split("\n")
