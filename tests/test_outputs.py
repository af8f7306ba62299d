"""The files that a run leaves when it is asked to, also when xdist's workers did the work."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

APP = """
import asyncio
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

async def silent(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "stop":
            await asyncio.Event().wait()

async def echo(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)

async def broken(request):
    raise ZeroDivisionError("no answer")

def create():
    return Starlette(routes=[
        WebSocketRoute("/ws/silent", silent),
        WebSocketRoute("/ws/echo", echo),
        Route("/broken", broken),
    ])
"""
PROJECT = """
[tool.pytest-routes]
app = "myapp:create()"
max_examples = 20
seed = 7
websocket.checks.unexpected_frame = "off"
"""
REPORTS = ("--routes-report", "out/run.json", "--routes-report", "out/run.html")
COLOUR = re.compile(r"\x1b\[[\d;]*[mK]")


@dataclass(frozen=True, slots=True)
class Written:
    """A run that was asked for everything."""

    folder: Path
    coloured: str

    @property
    def lines(self) -> list[str]:
        return COLOUR.sub("", self.coloured).splitlines()


@pytest.fixture(scope="module", params=[(), ("-n", "2")], ids=["alone", "workers"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """One run for all that look at what it has left."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "myapp.py").write_text(APP, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--routes", "--routes-websocket", "--color=yes"]
    command += [*REPORTS, "--routes-export", "tests/test_found.py", "--junitxml", "junit.xml"]
    command += ["-p", "no:randomly", "-p", "no:faker", "-p", "no:cov", *request.param]
    # The fixture that takes the environment's settings away is one of each test.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stderr
    return Written(folder, done.stdout)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with two routes that fail and one that does not."""
    pytester.makepyfile(myapp=APP)
    pytester.makepyprojecttoml(PROJECT)
    return pytester


def _run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest("--routes", "--routes-websocket", *arguments)


def test_reports_are_written_once_for_the_whole_run(written: Written) -> None:
    told = [line for line in written.lines if "report written to" in line]
    assert told == [
        "pytest-routes: report written to out/run.json",
        "pytest-routes: report written to out/run.html",
    ]
    run = json.loads((written.folder / "out" / "run.json").read_text())
    assert (run["format"], run["app"], run["seed"]) == ("pytest-routes report", "myapp:create()", 7)
    assert run["totals"]["routes"] == 3
    assert run["totals"]["failed"] == 2
    assert run["duration"] > 0
    assert {"python", "pytest", "starlette"} <= set(run["versions"])
    outcomes = [(route["route"], route["outcome"]) for route in run["routes"]]
    assert outcomes == [("/ws/silent", "failed"), ("/ws/echo", "passed"), ("GET /broken", "failed")]
    silent = next(route for route in run["routes"] if route["route"] == "/ws/silent")
    assert silent["nodeid"] == "pyproject.toml::test_websocket[/ws/silent]"
    assert silent["command"].startswith("pytest 'pyproject.toml::test_websocket[/ws/silent]'")
    (failure,) = silent["failures"]
    assert failure["check"] == "message_timeout"
    assert (written.folder / failure["replay"]).is_file()
    page = (written.folder / "out" / "run.html").read_text()
    assert "/ws/silent" in page
    assert "ZeroDivisionError" in page


def test_failures_are_written_as_tests_that_fail(
    written: Written, project: pytest.Pytester
) -> None:
    assert "pytest-routes: 2 tests written to tests/test_found.py" in written.lines
    tests = (written.folder / "tests" / "test_found.py").read_text(encoding="utf-8")
    project.makepyfile(test_found=tests)
    again = project.runpytest_inprocess("test_found.py", "-q")
    again.assert_outcomes(failed=2)
    again.stdout.fnmatch_lines(["*Handler stopped reading after message 1*"])
    mended = APP.replace("await asyncio.Event().wait()", "pass")
    mended = mended.replace("raise ZeroDivisionError(", "return PlainTextResponse(")
    project.makepyfile(myapp=mended)
    project.runpytest_inprocess("test_found.py", "-q").assert_outcomes(passed=2)


def test_without_failures_no_tests_are_written(project) -> None:
    result = _run(project, "-k", "echo", "--routes-export", "test_found.py")
    result.stdout.fnmatch_lines(
        ["pytest-routes: nothing failed that a test could show: test_found.py is not written"]
    )
    assert not (project.path / "test_found.py").exists()


def test_the_simulated_server_of_the_test_is_that_of_the_run(project) -> None:
    arguments = ("--routes-ws-server", "hypercorn", "--routes-check", "message_timeout=error")
    _run(project, "-k", "silent", "--routes-export", "test_found.py", *arguments)
    text = (project.path / "test_found.py").read_text()
    assert "with simulate(app, server='hypercorn') as server:" in text


def test_the_failure_shows_a_test_to_paste_when_all_is_asked_for(project) -> None:
    result = _run(project, "-k", "silent", "-vv")
    result.stdout.fnmatch_lines(
        [
            "A test that shows it:",
            "from pytest_routes import simulate",
            "app = create()",
            "def test_ws_silent_message_timeout():",
            "    with simulate(app) as server:",
        ]
    )
    less = _run(project, "-k", "silent", "-v")
    less.stdout.no_fnmatch_line("A test that shows it:")


def test_a_report_that_cannot_be_written_is_a_warning(project) -> None:
    (project.path / "out").write_text("a file where the folder should be")
    result = _run(project, "-k", "echo", "--routes-report", "out/run.json")
    result.assert_outcomes(passed=1, deselected=2)
    result.stdout.fnmatch_lines(["pytest-routes: warning: a report cannot be written: *"])


def test_junit_xml_has_the_figures_of_each_route(written: Written) -> None:
    cases = {
        case.get("name"): {each.get("name"): each.get("value") for each in case.iter("property")}
        for case in ElementTree.parse(written.folder / "junit.xml").iter("testcase")
    }
    echo = cases["test_websocket[/ws/echo]"]
    assert (echo["routes.route"], echo["routes.seed"]) == ("/ws/echo", "7")
    assert int(echo["routes.sequences"]) > 0
    assert int(echo["routes.messages_sent"]) > 0
    silent = cases["test_websocket[/ws/silent]"]
    assert silent["routes.failure"] == "message_timeout: Handler stopped reading after message 1"
    assert silent["routes.replay"].startswith(".pytest-routes/ws-silent-")


def test_failures_are_coloured(written: Written) -> None:
    assert "\x1b[31m\x1b[1mHTTP TEST FAILURE: GET /broken\x1b[0m" in written.coloured


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "worker"])
def test_one_line_points_at_the_applications_line(project, workers) -> None:
    line = 1 + APP.lstrip("\n").split("\n").index('    raise ZeroDivisionError("no answer")')
    short = _run(project, "-k", "broken", "--tb=line", *workers)
    short.stdout.fnmatch_lines([f"*myapp.py:{line}: handler_error: Handler raised*"])
