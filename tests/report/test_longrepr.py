from __future__ import annotations

import io

import pytest
from _pytest._io import TerminalWriter
from _pytest.reports import TestReport

from pytest_routes.report.longrepr import FailureRepr

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
