"""Replay files as users meet them: written by a failing run, had again, kept as a suite."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

APP = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

async def picky(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "order":
            raise LookupError("nothing to order")

async def broken(request):
    raise ZeroDivisionError("no answer")

app = Starlette(routes=[WebSocketRoute("/ws/picky", picky), Route("/broken", broken)])
"""
PROJECT = """
[tool.pytest-routes]
app = "myapp:app"
max_examples = 20
seed = 7
"""
WITHOUT_PLACE = {"/ws/picky": "LookupError", "GET /broken": "ZeroDivisionError"}


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a WebSocket route and an HTTP route that fail."""
    pytester.makepyfile(myapp=APP)
    pytester.makepyprojecttoml(PROJECT)
    return pytester


@pytest.fixture
def recorded(project: pytest.Pytester) -> dict[str, Path]:
    """The replay files that a failing run has left, by their routes."""
    project.runpytest("--routes", "--routes-websocket").assert_outcomes(failed=2)
    files = list((project.path / ".pytest-routes").iterdir())
    return {json.loads(file.read_text())["route"]: file for file in files}


def _mend(project: pytest.Pytester) -> None:
    mended = APP.replace('raise LookupError("nothing to order")', "pass")
    mended = mended.replace("raise ZeroDivisionError(", "return PlainTextResponse(")
    project.makepyfile(myapp=mended)


def test_each_failure_leaves_a_file_and_names_it(project) -> None:
    result = project.runpytest("--routes", "--routes-websocket")
    files = sorted(file.name for file in (project.path / ".pytest-routes").iterdir())
    assert [name.rpartition("-")[0] for name in files] == ["get-broken", "ws-picky"]
    for name in files:
        result.stdout.fnmatch_lines([f"Replay file: .pytest-routes/{name}"])


def test_the_same_failure_writes_the_same_file_again(project, recorded) -> None:
    before = {file: file.read_bytes() for file in recorded.values()}
    project.runpytest("--routes", "--routes-websocket")
    assert {file: file.read_bytes() for file in (project.path / ".pytest-routes").iterdir()} == (
        before
    )


def test_the_recorded_conversation_is_the_shortest_one(recorded) -> None:
    assert json.loads(recorded["/ws/picky"].read_text())["steps"] == [
        {"step": "open", "path": "/ws/picky"},
        {"step": "send", "kind": "text", "data": "order"},
    ]


@pytest.mark.parametrize("route", WITHOUT_PLACE)
def test_a_replay_still_fails(project, recorded, route: str) -> None:
    file = recorded[route].relative_to(project.path).as_posix()
    result = project.runpytest("--routes-replay", file, "-v")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"pyproject.toml::test_replay[[]{file}] FAILED*",
            f"Replay of {file}: still fails",
            f"*{WITHOUT_PLACE[route]}: no*",
            f"Reproduce: pytest --routes-app myapp:app --routes-replay {file}",
            f"pytest-routes: replay {file}: still fails",
        ]
    )


def test_a_replay_of_a_bug_that_was_fixed_passes(project, recorded) -> None:
    _mend(project)
    result = project.runpytest("--routes-replay", *map(str, recorded.values()))
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "pytest-routes: replay .pytest-routes/get-broken-*.json: fixed",
            "pytest-routes: replay .pytest-routes/ws-picky-*.json: fixed",
        ]
    )


def test_a_replay_that_shows_another_bug_now_says_what_was_recorded(project, recorded) -> None:
    project.makepyfile(myapp=APP.replace("LookupError(", "RuntimeError("))
    result = project.runpytest("--routes-replay", str(recorded["/ws/picky"]))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "Replay of .pytest-routes/ws-picky-*.json: fails differently",
            "Recorded was message_handler_error: *LookupError: nothing to order*",
            "*RuntimeError: nothing to order*",
        ]
    )


def test_a_line_that_has_moved_is_still_the_same_bug(project, recorded) -> None:
    project.makepyfile(myapp="\n\n\n" + APP)
    result = project.runpytest("--routes-replay", str(recorded["/ws/picky"]))
    result.stdout.fnmatch_lines(["Replay of .pytest-routes/ws-picky-*.json: still fails"])


def test_a_run_of_replays_writes_none_and_runs_nothing_else(project, recorded) -> None:
    project.makepyfile(test_mine="def test(): pass")
    kept = project.path / "kept.json"
    shutil.move(recorded["/ws/picky"], kept)
    shutil.rmtree(project.path / ".pytest-routes")
    project.runpytest("--routes-replay", "kept.json").assert_outcomes(failed=1)
    assert not (project.path / ".pytest-routes").exists()


def test_the_file_says_which_application_it_is_for(project, recorded) -> None:
    (project.path / "pyproject.toml").write_text("")
    project.runpytest("--routes-replay", str(recorded["GET /broken"])).assert_outcomes(failed=1)


def test_a_folder_of_replays_is_part_of_every_run(project, recorded) -> None:
    folder = project.path / "tests" / "replays"
    folder.mkdir(parents=True)
    shutil.move(recorded["/ws/picky"], folder / "order.json")
    project.makepyprojecttoml(PROJECT + 'replays = ["tests/replays"]\n')
    _mend(project)
    result = project.runpytest("--routes", "--routes-websocket", "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["pyproject.toml::test_replay[[]tests/replays/order.json] PASSED*"])
    one = project.runpytest("--routes", "pyproject.toml::test_replay[tests/replays/order.json]")
    one.assert_outcomes(passed=1)


def test_workers_replay_and_write_too(project) -> None:
    result = project.runpytest("--routes", "--routes-websocket", "-n", "1")
    result.assert_outcomes(failed=2)
    files = sorted((project.path / ".pytest-routes").iterdir())
    assert len(files) == 2
    result = project.runpytest("--routes-replay", *map(str, files), "-n", "1")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["pytest-routes: replay .pytest-routes/*: still fails"] * 2)


def test_a_folder_that_cannot_be_written_is_a_warning(project) -> None:
    (project.path / ".pytest-routes").write_text("a file where the folder should be")
    result = project.runpytest("--routes", "--routes-websocket")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["pytest-routes: warning: replay files cannot be written: *"])
    result.stdout.no_fnmatch_line("Replay file:*")


MISSING = "expected a replay file or a folder of them, no *kept.json*"
OTHER = '*kept.json: expected a replay file (with "format": "pytest-routes replay")'


@pytest.mark.parametrize(("content", "told"), [(None, MISSING), ("{}", OTHER)])
def test_what_is_no_replay_file_is_a_usage_error_that_names_its_origin(
    project, monkeypatch, content, told: str
) -> None:
    if content is not None:
        (project.path / "kept.json").write_text(content)
    result = project.runpytest("--routes-replay", "kept.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --routes-replay kept.json: {told}"])

    project.makepyprojecttoml(PROJECT + 'replays = ["kept.json"]\n')
    result = project.runpytest("--routes")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    line = PROJECT.strip().count("\n") + 2
    result.stderr.fnmatch_lines(
        [f'ERROR: pyproject.toml:{line}: replays = [[]"kept.json"]: {told}']
    )

    monkeypatch.setenv("PYTEST_ROUTES_REPLAYS", "kept.json")
    result = project.runpytest("--routes")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: PYTEST_ROUTES_REPLAYS=kept.json: {told}"])


def test_a_route_that_is_gone_is_named(project, recorded) -> None:
    project.makepyfile(myapp=APP.replace('"/ws/picky"', '"/ws/other"'))
    result = project.runpytest("--routes-replay", str(recorded["/ws/picky"]))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*cannot be replayed: the application has no websocket route /ws/picky (it has: *"]
    )
