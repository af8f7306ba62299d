"""What is printed at the end of a run: one block for each route, or a table of many."""

from __future__ import annotations

import re
from collections import Counter
from textwrap import fill
from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.report.literals import count, printable, shortened
from pytest_routes.report.timeline import condensed, entry_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_routes.report.result import FindingRecord, RouteResult
    from pytest_routes.routes.model import RouteKind

_TABLE_FROM = 5
_TEXT_WIDTH = 88
_WARNING_LINES = 12
_REASON = 60
_ROUTES_NAMED = 8
_LINE = 140
_PLACE = re.compile(r" in (\S+ \([^()\s]+:\d+\))$")
"""How a finding's message ends when it names the line that is at fault."""
_SLOW = 1.0
_SLOWEST = 3

_NAMES: dict[RouteKind, str] = {"websocket": "WebSocket", "http": "HTTP"}


def summary_text(results: Sequence[RouteResult], *, seed: int, verbosity: int = 0) -> str:
    """Blocks or tables, what was not tested, warnings, totals.

    From five tested routes on there is a table for each kind, unless `verbosity` is over 0.
    `-q` (below 0) leaves out everything but totals and what needs attention.
    """
    tested = [result for result in results if result.skipped is None]
    lines: list[str] = []
    in_table = len(tested) >= _TABLE_FROM and verbosity == 0
    if verbosity >= 0:
        told = _table if in_table else _blocks
        for kind, name in _NAMES.items():
            of_kind = [result for result in tested if result.kind == kind]
            if of_kind:
                title = f"pytest-routes: {name} Test Summary"
                rule = "=" * len(title)
                lines += [title, rule, *told(of_kind, rule), ""]
    skipped = [result for result in results if result.skipped is not None]
    lines += _listed("Not tested", ((result, result.skipped) for result in skipped))
    if in_table or verbosity < 0:
        lines += _listed("Stopped early", ((result, result.stopped) for result in tested))
    lines += _warnings(results, verbosity)
    lines += _slowest(tested)
    lines += [_totals(results, seed)]
    return "\n".join(lines)


def refusals_text(result: RouteResult) -> str:
    """How the handshakes were refused: `12 with close code 4001 (no token), 3 with HTTP 401`."""
    counted: Counter[str] = Counter()
    reasons: dict[str, set[str]] = {}
    for refusals in result.refusals:
        how = f"HTTP {refusals.status}"
        if refusals.code is not None:
            how = f"close code {refusals.code}"
        counted[f"with {how}"] += refusals.count
        reasons.setdefault(f"with {how}", set()).add(refusals.reason or "")
    told = []
    for how, number in counted.most_common():
        # Several reasons may be as many as there were clients: each repeats what it was sent.
        reason = reasons[how].pop() if len(reasons[how]) == 1 else ""
        shown = f" ({printable(shortened(reason, _REASON))})" if reason else ""
        told.append(f"{number:,} {how}{shown}")
    return ", ".join(told)


def _blocks(results: Iterable[RouteResult], rule: str) -> list[str]:
    lines: list[str] = []
    for result in results:
        figures = _FIGURES[result.kind]
        lines += [f"Route: {printable(result.route)}"]
        lines += [f"{name}: {figure(result)}" for name, figure in figures]
        if result.refusals:
            lines += [f"Connections refused: {refusals_text(result)}"]
        if result.replayed:
            lines += [f"Replayed from the example database: {result.replayed:,}"]
        if result.stopped is not None:
            lines += [f"Stopped early: {result.stopped}"]
        lines += [f"Failures: {len(result.failures):,}"]
        if result.warnings:
            lines += [f"Warnings: {len(result.warnings):,}"]
        lines += [rule]
    return lines


def _table(results: Sequence[RouteResult], rule: str) -> list[str]:
    figures = [*_COLUMNS[results[0].kind]]
    if any(result.replayed for result in results):
        figures.append(("Replayed", lambda each: f"{each.replayed:,}"))
    figures.append(("Failures", lambda each: f"{len(each.failures):,}"))
    if any(result.warnings for result in results):
        figures.append(("Warnings", lambda each: f"{len(each.warnings):,}"))
    rows = [["Route", *(name for name, _ in figures)]]
    rows += [
        [printable(result.route), *(figure(result) for _, figure in figures)] for result in results
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        lines.append("  ".join([f"{first:<{widths[0]}}", *cells]))
    return [*lines, rule]


def responses_text(result: RouteResult) -> str:
    """How requests were answered: `2xx 61, 4xx 39`."""
    classes: Counter[str] = Counter()
    for status, number in result.responses:
        classes[f"{status // 100}xx"] += number
    return ", ".join(f"{name} {number:,}" for name, number in sorted(classes.items())) or "none"


_Seen: TypeAlias = "tuple[RouteResult, FindingRecord]"
_Figure: TypeAlias = "tuple[str, Callable[[RouteResult], str]]"
_FIGURES: dict[RouteKind, list[_Figure]] = {
    "websocket": [
        ("Sequences tested", lambda result: f"{result.sequences:,}"),
        ("Messages sent", lambda result: f"{result.messages_sent:,}"),
        ("Connections established", lambda result: f"{result.connections:,}"),
    ],
    "http": [
        ("Requests sent", lambda result: f"{result.sequences:,}"),
        ("Responses", responses_text),
    ],
}
_SHORT_NAMES = {
    "Sequences tested": "Sequences",
    "Messages sent": "Messages",
    "Connections established": "Connections",
    "Requests sent": "Requests",
}
_COLUMNS: dict[RouteKind, list[_Figure]] = {
    kind: [(_SHORT_NAMES.get(name, name), figure) for name, figure in figures]
    for kind, figures in _FIGURES.items()
}


def _listed(title: str, reasons: Iterable[tuple[RouteResult, str | None]]) -> list[str]:
    """The routes that there is a reason for."""
    rows = [(printable(result.route), printable(reason)) for result, reason in reasons if reason]
    if not rows:
        return []
    width = max(len(route) for route, _ in rows)
    return [f"{title}:", *(f"  {route:<{width}}  {reason}" for route, reason in rows), ""]


def _warnings(results: Iterable[RouteResult], verbosity: int) -> list[str]:
    """Grouped by check and by what was seen; the same thing on many routes is told once."""
    groups: dict[str, dict[str, list[_Seen]]] = {}
    for result in results:
        for warning in result.warnings:
            alike = groups.setdefault(warning.check, {})
            alike.setdefault(_cause(warning), []).append((result, warning))
    lines: list[str] = []
    for check, by_cause in groups.items():
        lines += [f"Warning: {check}"]
        for seen in by_cause.values():
            lines += _warning(seen, verbosity)
        kinds = sorted({result.kind for seen in by_cause.values() for result, _ in seen})
        tables = " or ".join(f"[tool.pytest-routes.{kind}.checks]" for kind in kinds)
        lines += [f'  {check} = "off" in {tables} silences it.', ""]
    return lines


def _cause(warning: FindingRecord) -> str:
    """What makes warnings of several routes the same; a frame that is not read is one thing,
    whatever the parser that meets it says of it."""
    what = _PLACE.sub("", warning.message)
    return what.partition(": ")[0] if warning.check == "unexpected_frame" else what


def _warning(seen: Sequence[_Seen], verbosity: int) -> list[str]:
    _, shortest = min(seen, key=lambda each: len(each[1].entries))
    said = {_PLACE.sub("", warning.message) for _, warning in seen}
    # Where each route's handler raised something else, none of it is true of all.
    what = said.pop() if len(said) == 1 else _cause(shortest)
    where = sorted({_where(result, warning) for result, warning in seen})
    named = ", ".join(where[:_ROUTES_NAMED])
    if len(where) > _ROUTES_NAMED:
        named += f" and {count(len(where) - _ROUTES_NAMED, 'more route')}"
    lines = [*_filled(what, "  "), *_filled(named, "    ")]
    if verbosity < 0:
        return lines
    entries = shortest.entries
    if verbosity == 0:
        entries = condensed(entries, _WARNING_LINES)
    return lines + [f"    {shortened(line, _LINE)}" for line in entry_lines(entries)]


def _where(result: RouteResult, warning: FindingRecord) -> str:
    place = _PLACE.search(warning.message)
    return printable(result.route) + (f" in {place[1]}" if place else "")


def _filled(text: str, indent: str) -> list[str]:
    return fill(
        text,
        _TEXT_WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    ).split("\n")


def _slowest(tested: Sequence[RouteResult]) -> list[str]:
    slow = sorted(
        (result for result in tested if result.duration >= _SLOW), key=lambda each: -each.duration
    )
    if not slow or len(tested) == 1:
        return []
    told = [
        f"{printable(result.route)} {result.duration:.1f} s "
        f"({result.sequences / result.duration:,.0f}/s)"
        for result in slow[:_SLOWEST]
    ]
    return [f"Slowest: {', '.join(told)}"]


def _totals(results: Sequence[RouteResult], seed: int) -> str:
    outcomes = Counter(result.outcome for result in results)
    told = [
        f"{number:,} {name}"
        for name, number in (
            ("passed", outcomes["passed"]),
            ("failed", outcomes["failed"]),
            ("not tested", outcomes["skipped"]),
        )
        if number
    ]
    remarks = [
        f"{number:,} {name}"
        for name, number in (
            ("with warnings", sum(bool(result.warnings) for result in results)),
            ("stopped early", sum(result.stopped is not None for result in results)),
        )
        if number
    ]
    remarked = f" ({', '.join(remarks)})" if remarks else ""
    work: list[str] = []
    conversations = sum(each.sequences for each in results if each.kind == "websocket")
    requests = sum(each.sequences for each in results if each.kind == "http")
    if conversations:
        messages = count(sum(each.messages_sent for each in results), "message")
        work += [f"{count(conversations, 'sequence')} with {messages}"]
    if requests:
        work += [count(requests, "request")]
    duration = sum(result.duration for result in results)
    # A test of the user's own may test a route that also has its own item.
    routes = len({(each.kind, each.route) for each in results})
    tested = count(routes, "route")
    if routes < len(results):
        tested += f" in {len(results):,} tests"
    return (
        f"{tested}: {', '.join(told) or 'none tested'}{remarked}; "
        f"{' and '.join(work) or 'nothing sent'} in {duration:.2f} s (seed: {seed})"
    )
