"""The report of a run as one page that needs nothing else: no script, no other file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from pytest_routes.checks.catalogue import CATALOGUE
from pytest_routes.report.diagram import diagram
from pytest_routes.report.literals import count, shortened
from pytest_routes.report.summary import refusals_text, responses_text
from pytest_routes.report.timeline import condensed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_routes.report.result import FindingRecord, RouteResult
    from pytest_routes.report.run import RunRecord
    from pytest_routes.report.timeline import Entry

# What a finding may take of the page, so that fifty of them stay readable, and below 5 MB.
_ENTRIES = 60
_DETAIL = 400
_TRACEBACK = 60
_WORDS = 80


def report_html(run: RunRecord) -> str:
    """The page."""
    numbered = list(enumerate(run.results))
    failed = [(number, result) for number, result in numbered if result.failures]
    warned = [(number, result) for number, result in numbered if result.warnings]
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>pytest-routes: {escape(run.app or 'routes')}, {_outcome(run)}</title>",
        f"<style>\n{_style()}</style>",
        "</head>",
        "<body>",
        *_head(run),
        *_findings("Failures", "f", failed),
        *_findings("Warnings", "w", warned),
        *_table(run.results),
        *_vocabulary(run.results),
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


@cache
def _style() -> str:
    return files("pytest_routes.report").joinpath("report.css").read_text(encoding="utf-8")


def _outcome(run: RunRecord) -> str:
    totals = run.totals
    return f"{totals['failed']} of {count(totals['routes'], 'route')} failed"


_STATES = ("passed", "failed", "skipped")


def _head(run: RunRecord) -> Iterator[str]:
    totals = run.totals
    yield f"<h1>{escape(run.app or 'Routes')}</h1>"
    facts = [f"seed {run.seed}", run.started, f"{run.duration:.2f} s"]
    facts += [f"{name} {version}" for name, version in run.versions]
    yield f'<p class="facts">{escape(", ".join(filter(None, facts)))}</p>'
    yield '<ul class="counts">'
    for key, style, name in (
        ("passed", "passed", "passed"),
        ("failed", "failed", "failed"),
        ("skipped", "skipped", "not tested"),
        ("warnings", "warned", "warning"),
        ("sequences", "", "sequence"),
        ("messages", "", "message"),
        ("requests", "", "request"),
    ):
        if totals[key]:
            number, what = _counted(totals[key], name, style)
            yield f'<li class="{style}"><b>{number}</b> {what}</li>'
    yield "</ul>"
    for note in run.notes:
        yield f'<p class="warned">{escape(note)}</p>'


def _counted(number: int, name: str, style: str) -> tuple[str, str]:
    figure, _, what = count(number, name, name if style in _STATES else "").partition(" ")
    return figure, what


def _findings(title: str, letter: str, results: Sequence[tuple[int, RouteResult]]) -> Iterator[str]:
    if not results:
        return
    yield f"<h2>{title}</h2>"
    for number, result in results:
        findings = result.failures if letter == "f" else result.warnings
        for place, finding in enumerate(findings):
            anchor = f' id="{letter}{number}"' if place == 0 else ""
            yield f'<article class="finding {finding.severity}"{anchor}>'
            yield from _finding(finding, result)
            yield "</article>"


def _finding(finding: FindingRecord, result: RouteResult) -> Iterator[str]:
    yield f"<h3>{escape(result.route)}: {escape(finding.check)}</h3>"
    yield f"<p>{_text(finding.message)}</p>"
    if finding.saved:
        yield "<p>It was not found by this seed, but is in the example database.</p>"
    yield "<dl>"
    yield f"<dt>Expected</dt><dd>{_text(finding.expected)}</dd>"
    yield f"<dt>Actual</dt><dd>{_text(finding.actual)}</dd>"
    yield "</dl>"
    yield "<h4>Conversation</h4>" if result.kind == "websocket" else "<h4>Exchange</h4>"
    yield diagram([_shorter(entry) for entry in condensed(finding.entries, _ENTRIES)])
    if finding.traceback:
        lines = finding.traceback[-_TRACEBACK:]
        yield f"<h4>Traceback</h4><pre>{escape(chr(10).join(lines))}</pre>"
    check = CATALOGUE.get(finding.check)
    if check is not None:
        yield f"<h4>What it means on a server</h4><p>{escape(finding.matters or check.matters)}</p>"
        yield f"<h4>What to do</h4><p>{escape(finding.fix or check.fix)}</p>"
        yield f"<details><summary>Silence it</summary><pre>{escape(check.silence(result.kind))}"
        yield "</pre></details>"
    command = "" if finding.saved else result.command
    if command or finding.replay:
        yield "<h4>Reproduce</h4>"
        told = [command, f"replay file: {finding.replay}" if finding.replay else ""]
        yield f"<pre>{escape(chr(10).join(filter(None, told)))}</pre>"


def _table(results: Sequence[RouteResult]) -> Iterator[str]:
    slowest = max((result.duration for result in results), default=0.0) or 1.0
    yield "<h2>Routes</h2>"
    yield '<div class="wide"><table>'
    yield (
        '<tr><th>Route</th><th>Outcome</th><th class="number">Sequences</th>'
        '<th class="number">Messages</th><th class="number">Connections</th>'
        '<th>Answers</th><th class="number">Seconds</th></tr>'
    )
    for number, result in enumerate(results):
        yield "<tr>" + "".join(_cells(number, result, slowest)) + "</tr>"
    yield "</table></div>"


def _cells(number: int, result: RouteResult, slowest: float) -> Iterator[str]:
    yield f"<td><code>{escape(result.route)}</code></td>"
    outcome = f'<span class="{result.outcome}">{_OUTCOMES[result.outcome]}</span>'
    if result.failures:
        outcome = (
            f'<a class="failed" href="#f{number}">{count(len(result.failures), "failure")}</a>'
        )
    if result.warnings:
        told = count(len(result.warnings), "warning")
        outcome += f', <a class="warned" href="#w{number}">{told}</a>'
    yield f"<td>{outcome}</td>"
    websocket = result.kind == "websocket"
    for figure in (
        f"{result.sequences:,}",
        f"{result.messages_sent:,}" if websocket else "",
        f"{result.connections:,}" if websocket else "",
    ):
        yield f'<td class="number">{figure}</td>'
    answers = [result.skipped or "", f"refused {refusals_text(result)}" if result.refusals else ""]
    answers += [] if websocket or result.skipped else [responses_text(result)]
    if result.stopped is not None and result.skipped is None:
        answers += [f"stopped early: {result.stopped}"]
    yield f"<td>{escape('; '.join(filter(None, answers)))}</td>"
    width = 100 * result.duration / slowest
    yield (
        f'<td class="number">{result.duration:.2f}'
        f'<i class="bar" style="width: {width:.0f}%"></i></td>'
    )


_OUTCOMES = {"passed": "passed", "failed": "failed", "skipped": "not tested"}


def _vocabulary(results: Iterable[RouteResult]) -> Iterator[str]:
    told = [result for result in results if result.vocabulary]
    if not told:
        return
    yield "<h2>Vocabulary</h2>"
    yield "<p>Words of each handler's source, and in how many sequences they were said.</p>"
    for result in told:
        said = sum(1 for _, times in result.vocabulary if times)
        yield (
            f"<details><summary><code>{escape(result.route)}</code>: {said} of "
            f"{count(len(result.vocabulary), 'word')} said</summary>"
        )
        yield '<ul class="words">'
        for word, times in result.vocabulary[:_WORDS]:
            style = "" if times else ' class="unsaid"'
            yield f"<li{style}><code>{_text(word)}</code> {times:,}</li>"
        yield "</ul></details>"


def _shorter(entry: Entry) -> Entry:
    return replace(entry, detail=shortened(entry.detail, _DETAIL))


def _text(text: str) -> str:
    return escape(shortened(text, 4 * _DETAIL))
