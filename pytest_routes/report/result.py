"""What came of testing one route, as plain data: an xdist worker sends it as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_routes.checks.advice import advice
from pytest_routes.report.failure import Telling, exception_of, failure_line
from pytest_routes.report.literals import exception_line, printable
from pytest_routes.report.standing import is_about_all
from pytest_routes.report.timeline import Entry, timeline
from pytest_routes.report.tracebacks import Own, place_of, place_of_frames, traceback_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_routes.checks.finding import Finding, Severity
    from pytest_routes.routes.model import Route, RouteKind

Outcome: TypeAlias = Literal["passed", "failed", "skipped"]

_CONTENT = 1_000
_ENTRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Handshakes that were refused in the same way."""

    code: int | None
    """The close code that the handler gave, if it did."""
    status: int
    """The HTTP status that the client saw."""
    count: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """A finding without the objects behind it: texts are printable and without secrets."""

    check: str
    severity: Severity
    message: str
    expected: str
    actual: str
    line: str
    """The finding on one line."""
    client: int
    time: float
    """Seconds of the loop's time."""
    entries: tuple[Entry, ...]
    exception: str | None = None
    """`KeyError: 'channel'`"""
    place: str | None = None
    """`path:line` of the application's innermost frame: where it raised, waits or was held."""
    traceback: tuple[str, ...] = ()
    matters: str = ""
    """What it means on a server."""
    fix: str = ""
    """What to do about it."""
    replay: str | None = None
    key: tuple[str, ...] = ()
    """Equal for findings that are the same bug."""
    saved: bool = False
    """It was not found by this run's seed: it stood in the user's example database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteResult:
    """What came of testing one route."""

    route: str
    """`Route.id`."""
    kind: RouteKind
    sequences: int = 0
    """Conversations or requests that were tried, those of shrinking not counted."""
    messages_sent: int = 0
    connections: int = 0
    """Connections that the application accepted; those that it closed at once, as a refusal, are
    not when it did so with every one."""
    refusals: tuple[Refusals, ...] = ()
    responses: tuple[tuple[int, int], ...] = ()
    """HTTP: status and how often it was answered."""
    failures: tuple[FindingRecord, ...] = ()
    warnings: tuple[FindingRecord, ...] = ()
    skipped: str | None = None
    """Why the route was not tested."""
    failed: bool = False
    """That it was not tested is a failure."""
    stopped: str | None = None
    """Why not all sequences were tried, and how many were."""
    replayed: int = 0
    """Failures that were saved in the user's example database, and had again."""
    duration: float = 0.0
    """Seconds of real time."""
    nodeid: str = ""
    command: str = ""
    """What runs this route again with the same seed."""
    vocabulary: tuple[tuple[str, int], ...] = ()
    """The words that were found in the handler's source, and in how many sequences each was
    said."""

    @property
    def outcome(self) -> Outcome:
        if self.failures or self.failed:
            return "failed"
        return "skipped" if self.skipped is not None else "passed"

    def to_plain(self) -> dict[str, Any]:
        """Values that JSON, and xdist's serialiser, know."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> RouteResult:
        """The result that `to_plain` was made from."""
        values = dict(plain)
        values["refusals"] = tuple(Refusals(**each) for each in plain["refusals"])
        values["responses"] = tuple((status, count) for status, count in plain["responses"])
        values["vocabulary"] = tuple((word, count) for word, count in plain["vocabulary"])
        values["failures"] = tuple(map(_finding_record, plain["failures"]))
        values["warnings"] = tuple(map(_finding_record, plain["warnings"]))
        return cls(**values)


def record(
    finding: Finding,
    route: Route,
    *,
    telling: Telling,
    replay: str | None = None,
    saved: bool = False,
) -> FindingRecord:
    """The finding as plain data."""
    own = Own.of(route.handler, telling.start)
    exception = exception_of(finding)
    explained = advice(finding)
    redact = telling.secrets
    return FindingRecord(
        check=finding.check,
        severity=finding.severity,
        message=printable(redact(finding.message)),
        expected=printable(redact(finding.expected)),
        actual=printable(redact(finding.actual)),
        line=failure_line(finding, telling),
        client=finding.event.client,
        time=finding.event.time,
        entries=timeline(
            finding.transcript,
            None if is_about_all(finding) else finding.event,
            limit=_CONTENT,
            at_most=_ENTRIES,
            redact=redact,
        ),
        exception=exception_line(exception, _CONTENT, redact) if exception else None,
        place=_place(finding, own),
        traceback=tuple(traceback_lines(exception, own, redact=redact)) if exception else (),
        matters=explained.matters if explained else "",
        fix=explained.fix if explained else "",
        replay=replay,
        key=finding.key,
        saved=saved,
    )


def _place(finding: Finding, own: Own) -> str | None:
    exception = exception_of(finding)
    if exception is not None:
        return place_of(exception, own) or None
    return place_of_frames(getattr(finding.event, "where", ()), own) or None


def _finding_record(plain: Mapping[str, Any]) -> FindingRecord:
    values = dict(plain)
    values["entries"] = tuple(Entry(**each) for each in plain["entries"])
    values["traceback"] = tuple(plain["traceback"])
    values["key"] = tuple(plain["key"])
    return FindingRecord(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
