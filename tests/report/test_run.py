"""The reports of a run: JSON for programs, a page for people, properties for JUnit."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pytest_routes.report.failure import Telling
from pytest_routes.report.html import report_html
from pytest_routes.report.json_report import report_json
from pytest_routes.report.junit import junit_properties
from pytest_routes.report.redaction import Redaction
from pytest_routes.report.result import Refusals, RouteResult, record
from pytest_routes.report.run import RunRecord, write_report
from pytest_routes.simulator import transcript as t

from .kinds import KINDS
from .talks import CHAT, Talk
from .test_summary import CHAT_RESULT, USERS_RESULT

REPLAY = ".pytest-routes/x.json"
FAILURES = {
    check: record(
        kind.finding(check), kind.route, telling=Telling(), replay=".pytest-routes/x.json"
    )
    for check, kind in KINDS.items()
}
FAILED = replace(
    CHAT_RESULT,
    route="/ws/<b>",
    failures=(FAILURES["message_handler_error"], FAILURES["collateral_disconnect"]),
    command="pytest --routes --routes-seed 7",
    vocabulary=(("subscribe", 12), ("<channel>", 0)),
)
WARNED = replace(USERS_RESULT, warnings=(FAILURES["server_error"],))
SKIPPED = RouteResult(
    route="/ws/private",
    kind="websocket",
    sequences=100,
    refusals=(Refusals(code=4001, status=403, count=100),),
    skipped="every connection was refused",
)
RUN = RunRecord(
    results=(CHAT_RESULT, FAILED, WARNED, SKIPPED),
    seed=7,
    app="chat:app",
    started="2026-01-01T12:00:00+01:00",
    duration=3.25,
    versions=(("Python", "3.13.0"), ("pytest-routes", "1.0.0")),
    notes=("the application did not end",),
)


class Page(HTMLParser):
    """The page's text, its ids, its links, and whether its tags are in pairs."""

    void = frozenset({"meta", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_the_page_needs_nothing_else():
    page = Page(report_html(RUN))
    assert "script" not in page.tags
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"https?://|url\(|@import", report_html(RUN))


def test_the_page_tells_everything():
    text = Page(report_html(RUN)).text
    for told in (
        "seed 7, 2026-01-01T12:00:00+01:00, 3.25 s, Python 3.13.0, pytest-routes 1.0.0",
        "2 passed 1 failed 1 not tested 1 warning 300 sequences",
        "the application did not end",
        "/ws/<b>: message_handler_error",
        "Server closed connection unexpectedly: KeyError: 'channel'",
        'json {"action": "join"}',
        "What to do Validate what was received",
        "pytest --routes --routes-seed 7 replay file: .pytest-routes/x.json",
        "client 0 client 1 application",
        "GET /users/{id}: server_error",
        "every connection was refused; refused 100 with close code 4001",
        "2xx 61, 4xx 39",
        "/ws/<b> : 1 of 2 words said subscribe 12 <channel> 0",
    ):
        assert told in text


def test_a_search_that_stopped_early_is_in_every_report():
    told = "4 of 100 sequences, one took 5.1 s of real time"
    stopped = replace(CHAT_RESULT, stopped=told)
    run = replace(RUN, results=(stopped,))
    assert f"stopped early: {told}" in Page(report_html(run)).text
    assert json.loads(report_json(run))["routes"][0]["stopped"] == told
    assert ("routes.stopped", told) in junit_properties(stopped, seed=7)
    skipped = replace(stopped, skipped=f"no message was sent, stopped early: {told}")
    assert Page(report_html(replace(RUN, results=(skipped,)))).text.count(told) == 1


def test_the_command_of_a_seed_is_not_that_of_a_saved_failure():
    saved = replace(FAILURES["message_handler_error"], saved=True)
    result = replace(FAILED, failures=(saved,), replayed=1)
    text = Page(report_html(replace(RUN, results=(result,)))).text
    assert "It was not found by this seed, but is in the example database." in text
    assert "Reproduce replay file: .pytest-routes/x.json" in text


def test_links_lead_to_findings():
    page = Page(report_html(RUN))
    assert page.links == ["#f1", "#w2"]
    assert set(page.links) <= {f"#{each}" for each in page.ids}
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("check", KINDS)
def test_every_kind_of_finding_has_its_place(check):
    result = replace(CHAT_RESULT, failures=(FAILURES[check],))
    page = Page(report_html(replace(RUN, results=(result,))))
    assert FAILURES[check].message in page.text
    assert "failing" in report_html(RUN)


def test_what_applications_say_is_text_and_nothing_else():
    raw = "<script>alert(1)</script>&\x1b\ud800"
    talk = Talk().connect(f"/ws/{raw}").send("text", raw)
    talk.add(t.Raised, exception=ValueError(raw))
    finding = talk.finding(message=raw, expected=raw, actual=raw, exception=ValueError(raw))
    result = replace(CHAT_RESULT, failures=(record(finding, CHAT, telling=Telling()),))
    html = report_html(replace(RUN, results=(result,)))
    html.encode()
    assert "script" not in Page(html).tags
    assert "<script>alert(1)</script>" in Page(html).text


def test_secrets_are_in_no_report():
    talk = Talk().connect(query=(("token", "s3cret"),)).send("text", "s3cret")
    talk.add(t.Raised, exception=ValueError("s3cret"))
    telling = Telling(secrets=Redaction(("s3cret",)))
    found = record(talk.finding(message="s3cret"), CHAT, telling=telling)
    run = replace(RUN, results=(replace(CHAT_RESULT, failures=(found,)),))
    assert "s3cret" not in report_html(run) + report_json(run)


def test_the_json_report_holds_the_documented_members():
    report = json.loads(report_json(RUN))
    assert [*report] == [
        "format",
        "version",
        "app",
        "seed",
        "started",
        "duration",
        "versions",
        "notes",
        "totals",
        "routes",
    ]
    assert report["totals"] == {
        "routes": 4,
        "passed": 2,
        "failed": 1,
        "skipped": 1,
        "failures": 2,
        "warnings": 1,
        "sequences": 300,
        "messages": 2_494,
        "connections": 200,
        "requests": 100,
    }
    assert report["versions"] == {"Python": "3.13.0", "pytest-routes": "1.0.0"}
    route = report["routes"][1]
    assert (route["route"], route["outcome"]) == ("/ws/<b>", "failed")
    outcome = route.pop("outcome")
    assert RouteResult.from_plain(route) == FAILED
    assert outcome == FAILED.outcome


def test_every_member_of_the_json_report_is_documented():
    from pytest_routes.report import json_report

    report = json.loads(report_json(RUN))
    finding = report["routes"][1]["failures"][0]
    members = {*report, *report["totals"], *report["routes"][1], *finding, *finding["entries"][0]}
    documented = set(re.findall(r"\w+", json_report.__doc__))
    assert members <= documented


def test_junit_has_the_numbers_and_the_findings():
    result = replace(FAILED, warnings=(FAILURES["leaked_task"],))
    assert junit_properties(result, seed=7) == [
        ("routes.route", "/ws/<b>"),
        ("routes.kind", "websocket"),
        ("routes.seed", "7"),
        ("routes.sequences", "100"),
        ("routes.messages_sent", "1247"),
        ("routes.connections", "100"),
        ("routes.failure", FAILURES["message_handler_error"].line),
        ("routes.failure", FAILURES["collateral_disconnect"].line),
        ("routes.warning", FAILURES["leaked_task"].line),
        ("routes.replay", ".pytest-routes/x.json"),
        ("routes.replay", ".pytest-routes/x.json"),
    ]
    assert ("routes.responses_404", "30") in junit_properties(USERS_RESULT, seed=7)


def test_the_files_name_tells_the_form(tmp_path):
    write_report(RUN, tmp_path / "out" / "report.json")
    write_report(RUN, tmp_path / "report.html")
    assert json.loads((tmp_path / "out" / "report.json").read_text())["seed"] == 7
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")
    with pytest.raises(ValueError, match=r"to end in \.json or \.html, got report\.txt"):
        write_report(RUN, tmp_path / "report.txt")


def big_run() -> RunRecord:
    """300 routes, 50 of them with a finding that could not be larger."""
    talk = Talk().connect()
    for number in range(400):
        talk.send("text", f"{number} " * 3_000).answer("text", f"{number}," * 3_000)
    talk.add(t.Raised, exception=ValueError("x" * 100_000))
    found = record(talk.finding(), CHAT, telling=Telling())
    results = [replace(CHAT_RESULT, route=f"/ws/{number}") for number in range(250)]
    results += [replace(CHAT_RESULT, route=f"/f/{n}", failures=(found,)) for n in range(50)]
    return RunRecord(results=tuple(results), seed=1)


def test_the_reports_of_a_big_run_are_written_at_once(tmp_path):
    run = big_run()
    began = time.process_time()
    write_report(run, tmp_path / "report.html")
    write_report(run, tmp_path / "report.json")
    assert time.process_time() - began < 1
    assert (tmp_path / "report.html").stat().st_size < 5_000_000
