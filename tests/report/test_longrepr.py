from __future__ import annotations

import io
from pathlib import Path

import pytest
from _pytest._io import TerminalWriter
from _pytest.reports import TestReport

from pytest_routes.report.failure import Telling
from pytest_routes.report.longrepr import FailureRepr
from pytest_routes.report.result import record

from .chat_app import line_of
from .kinds import KINDS
from .talks import CHAT

HERE = str(Path(__file__).parent)

TEXT = "\n".join(["=" * 60, "WEBSOCKET TEST FAILURE: /ws", "Error Type: x", "", "> 0.000 s  !! y"])


def failure() -> FailureRepr:
    return FailureRepr(TEXT, line="x: it broke", path="pyproject.toml", lineno=1)


def written(representation: object, *, colour: bool) -> str:
    file = io.StringIO()
    writer = TerminalWriter(file)
    writer.hasmarkup = colour
    representation.toterminal(writer)
    return file.getvalue()


def test_the_text_is_written_as_it_is():
    assert written(failure(), colour=False) == TEXT + "\n"
    assert str(failure()) == TEXT


def test_colours_are_pytests():
    lines = written(failure(), colour=True).split("\n")
    assert lines[0] == "\x1b[31m\x1b[1m" + "=" * 60 + "\x1b[0m"
    assert lines[2] == "\x1b[1mError Type: x\x1b[0m"
    assert lines[4] == "\x1b[31m\x1b[1m> 0.000 s  !! y\x1b[0m"


@pytest.mark.parametrize("colour", [True, False])
def test_it_comes_through_xdist(colour):
    report = TestReport("a::b", ("a", 0, "b"), {}, "failed", failure(), "call")
    sent = TestReport._from_json(report._to_json())
    assert written(sent.longrepr, colour=colour) == TEXT + "\n"
    assert sent.longrepr.reprcrash.message == "x: it broke"
    assert (sent.longrepr.reprcrash.path, sent.longrepr.reprcrash.lineno) == ("pyproject.toml", 1)
    again = FailureRepr.sent(sent.longrepr)
    assert written(again, colour=colour) == written(failure(), colour=colour)
    assert str(again.reprcrash) == str(failure().reprcrash)


def test_what_a_worker_sent_of_others_is_left_alone():
    assert FailureRepr.sent("text") is None
    assert FailureRepr.sent(None) is None


def test_it_points_at_the_applications_line():
    found = {
        check: record(KINDS[check].finding(check), CHAT, telling=Telling(start=HERE))
        for check in ("auth_bypass", "message_timeout", "shutdown_error")
    }
    crash = FailureRepr.of(TEXT, list(found.values()), "pyproject.toml").reprcrash
    assert (crash.path, crash.lineno) == ("chat_app.py", line_of("await get()"))
    assert crash.message == "; ".join(each.line for each in found.values())
    crash = FailureRepr.of(TEXT, [found["auth_bypass"]], "pyproject.toml").reprcrash
    assert (crash.path, crash.lineno) == ("pyproject.toml", 0)
