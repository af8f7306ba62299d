"""The files that a run leaves when it is asked to, also when xdist's workers did the work."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

import pytest_routes.websocket.examine  # noqa: F401  (once, not in each run within this process)

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
WORKERS = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project with two routes that fail and one that does not."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:randomly")
    pytester.makepyfile(myapp=APP)
    pytester.makepyprojecttoml(PROJECT)
    return pytester


def _run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest("--routes", "--routes-websocket", *arguments)


@WORKERS
def test_reports_are_written_once_for_the_whole_run(project, workers) -> None:
    reports = ("--routes-report", "out/run.json", "--routes-report", "out/run.html")
    result = _run(project, *reports, *workers)
    result.stdout.fnmatch_lines(
        [
            "pytest-routes: report written to out/run.json",
            "pytest-routes: report written to out/run.html",
        ]
    )
    run = json.loads((project.path / "out" / "run.json").read_text())
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
    assert (project.path / failure["replay"]).is_file()
    page = (project.path / "out" / "run.html").read_text()
    assert "/ws/silent" in page
    assert "ZeroDivisionError" in page


@WORKERS
def test_failures_are_written_as_tests_that_fail(project, workers) -> None:
    result = _run(project, "--routes-export", "tests/test_found.py", *workers)
    result.stdout.fnmatch_lines(["pytest-routes: 2 tests written to tests/test_found.py"])
    text = (project.path / "tests" / "test_found.py").read_text()
    assert re.findall(r"def (\w+)", text) == [
        "test_ws_silent_message_timeout",
        "test_get_broken_handler_error",
    ]
    again = project.runpytest_subprocess("tests/test_found.py", "-q")
    again.assert_outcomes(failed=2)
    again.stdout.fnmatch_lines(["*Handler stopped reading after message 1*"])
    mended = APP.replace("await asyncio.Event().wait()", "pass")
    mended = mended.replace("raise ZeroDivisionError(", "return PlainTextResponse(")
    project.makepyfile(myapp=mended)
    project.runpytest_subprocess("tests/test_found.py", "-q").assert_outcomes(passed=2)


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


@WORKERS
def test_junit_xml_has_the_figures_of_each_route(project, workers) -> None:
    _run(project, "--junitxml", "junit.xml", *workers)
    cases = {
        case.get("name"): {each.get("name"): each.get("value") for each in case.iter("property")}
        for case in ElementTree.parse(project.path / "junit.xml").iter("testcase")
    }
    echo = cases["test_websocket[/ws/echo]"]
    assert (echo["routes.route"], echo["routes.seed"]) == ("/ws/echo", "7")
    assert int(echo["routes.sequences"]) > 0
    assert int(echo["routes.messages_sent"]) > 0
    silent = cases["test_websocket[/ws/silent]"]
    assert silent["routes.failure"] == "message_timeout: Handler stopped reading after message 1"
    assert silent["routes.replay"].startswith(".pytest-routes/ws-silent-")


@WORKERS
def test_failures_are_coloured_and_point_at_the_applications_line(project, workers) -> None:
    result = _run(project, "-k", "broken", "--color=yes", *workers)
    out = result.stdout.str()
    assert "\x1b[31m\x1b[1mHTTP TEST FAILURE: GET /broken\x1b[0m" in out
    line = 1 + APP.lstrip("\n").split("\n").index('    raise ZeroDivisionError("no answer")')
    short = _run(project, "-k", "broken", "--tb=line", *workers)
    short.stdout.fnmatch_lines([f"*myapp.py:{line}: handler_error: Handler raised*"])
