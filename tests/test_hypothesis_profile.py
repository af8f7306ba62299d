"""Hypothesis's own tools, as users have them: profiles, example databases, statistics, seeds."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from pytest_routes.config.given import Given
from pytest_routes.config.loading import Loaded
from pytest_routes.config.model import Config
from pytest_routes.hypothesis_profile import profile, with_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APP = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

seen = []

async def picky(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        seen.append(text)
        if text == "order":
            raise LookupError("nothing to order")
        await websocket.send_text(str(len(seen)))

async def echo(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)

app = Starlette(routes=[WebSocketRoute("/ws/picky", picky), WebSocketRoute("/ws/echo", echo)])
"""
PROJECT = """
[tool.pytest-routes]
enabled = true
app = "myapp:app"
websocket.enabled = true
websocket.checks.unexpected_frame = "off"
"""
PROFILES = """
from hypothesis import Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

settings.register_profile("own", max_examples=30)
settings.register_profile("kept", database=DirectoryBasedExampleDatabase("kept"))
settings.register_profile("reuse", settings.get_profile("kept"), phases=[Phase.reuse])
settings.register_profile("forgetful", settings.get_profile("kept"), phases=[Phase.generate])
settings.register_profile("fixed", derandomize=True)
settings.load_profile("own")
"""


@pytest.fixture
def project(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> Iterator[pytest.Pytester]:
    pytester.makepyfile(myapp=APP)
    pytester.makepyprojecttoml(PROJECT)
    pytester.makeconftest(PROFILES)
    before = profile(pytestconfig).name
    yield pytester
    settings.load_profile(before)


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    settings.load_profile("default")  # as in a process of its own
    return project.runpytest("-p", "no:randomly", *arguments)


def saved(project: pytest.Pytester) -> list[Path]:
    """The files of the example database with what was saved, without those with keys."""
    files = (each for each in (project.path / "kept").rglob("*") if each.is_file())
    return [each for each in files if b"pytest-routes replay" in each.read_bytes()]


def failures(project: pytest.Pytester, *arguments: str) -> dict[str, list[Any]]:
    """The failures of each route, from a report."""
    run(project, *arguments, "--routes-report", "report.json")
    routes = json.loads((project.path / "report.json").read_text())["routes"]
    return {each["route"]: each["failures"] for each in routes}


def test_a_loaded_profile_says_how_many_sequences_there_are(project) -> None:
    result = run(project, "-k", "echo")
    result.stdout.fnmatch_lines(["pytest-routes: *max_examples=30*", "Sequences tested: 30"])
    result = run(project, "-k", "echo", "--hypothesis-profile", "kept")
    result.stdout.fnmatch_lines(["Sequences tested: 100"])


def test_an_option_of_ones_own_wins_over_the_profile(project) -> None:
    result = run(project, "-k", "echo", "--routes-max-examples", "12")
    result.stdout.fnmatch_lines(["Sequences tested: 12"])


def test_what_a_profile_says_is_shown_with_where_it_came_from(project) -> None:
    result = run(project, "--routes-show-config", "--hypothesis-profile", "fixed")
    shown = [re.sub("  +", "|", line) for line in result.outlines[:5]]
    assert "seed|0|Hypothesis profile fixed" in shown
    assert "max_examples|100|default" in shown
    result = run(project, "--routes-show-config", "--hypothesis-seed", "7")
    shown = [re.sub("  +", "|", line) for line in result.outlines[:5]]
    assert "seed|7|--hypothesis-seed 7" in shown
    assert "max_examples|30|Hypothesis profile own" in shown


def test_the_command_that_is_printed_says_it_without_the_profile(project) -> None:
    result = run(project, "-k", "picky", "--routes-seed", "1")
    result.stdout.fnmatch_lines(["Reproduce: * --routes-max-examples 30 --routes-seed 1 -v"])


def test_derandomize_makes_every_run_the_same(project) -> None:
    result = run(project, "-k", "echo", "--hypothesis-profile", "fixed")
    result.stdout.fnmatch_lines(["pytest-routes: seed 0"])


def test_what_hypothesis_loads_by_itself_in_a_build_does_not(project, monkeypatch) -> None:
    monkeypatch.setenv("CI", "1")
    project.makeconftest("from hypothesis import settings; assert settings.default.derandomize")
    seeds = set()
    for _ in range(2):
        result = project.runpytest_subprocess("-p", "no:randomly", "-k", "echo")
        seeds |= {line for line in result.outlines if line.startswith("pytest-routes: seed ")}
    assert len(seeds) == 2


def test_the_seed_of_hypothesis_is_the_seed_where_there_is_no_other(project, monkeypatch) -> None:
    monkeypatch.setattr("hypothesis.core.global_force_seed", None)  # the option sets it
    result = run(project, "-k", "echo", "--hypothesis-seed", "41")
    result.stdout.fnmatch_lines(["pytest-routes: seed 41"])
    result = run(project, "-k", "echo", "--hypothesis-seed", "41", "--routes-seed", "7")
    result.stdout.fnmatch_lines(["pytest-routes: seed 7"])


def test_a_failure_is_had_again_from_the_example_database_until_it_is_fixed(project) -> None:
    profile = ("--hypothesis-profile", "kept", "-k", "picky")
    run(project, *profile, "--routes-seed", "1").assert_outcomes(failed=1)
    (file,) = saved(project)
    again = run(project, *profile, "--routes-seed", "2", "--routes-max-examples", "1")
    again.assert_outcomes(failed=1)
    again.stdout.fnmatch_lines(
        [
            "Message: *LookupError: nothing to order*",
            "It was not found by this seed, but is in the example database of the Hypothesis *",
            "kept, where a run with seed 1 has saved it.",
            "Replay file: .pytest-routes/ws-picky-*.json",
            "WebSocket test failed (seed: 2)",
            "Reproduce: pytest * --routes-replay .pytest-routes/ws-picky-*.json",
            "Sequences tested: 1",
            "Replayed from the example database: 1",
            "Failures: 1",
        ]
    )
    assert saved(project) == [file]
    project.makepyfile(myapp=APP.replace('raise LookupError("nothing to order")', "pass"))
    run(project, *profile).assert_outcomes(passed=1)
    assert saved(project) == []


def test_a_seed_finds_the_same_whatever_the_example_database_holds(project) -> None:
    found = failures(project, "--routes-seed", "1", "--routes-max-examples", "100")
    assert len(found["/ws/picky"]) == 1
    arguments = ("--hypothesis-profile", "kept", "--routes-seed")
    run(project, *arguments, "2").assert_outcomes(failed=1, passed=1)
    (before,) = saved(project)
    assert failures(project, *arguments, "1") == found
    (after,) = saved(project)  # one of each bug, the one that was found last
    assert json.loads(after.read_text())["seed"] == 1
    assert after != before


def test_without_the_phase_nothing_is_had_again_but_it_is_saved(project) -> None:
    arguments = ("-k", "picky", "--routes-seed", "1")
    result = run(project, *arguments, "--hypothesis-profile", "forgetful")
    result.stdout.fnmatch_lines(
        [
            "Conversation (first seen in sequence *):",
            "The conversation is as it was first seen: the Hypothesis profile forgetful leaves out",
            "Phase.shrink.",
        ]
    )
    assert len(saved(project)) == 1
    few = ("--routes-max-examples", "1", "--hypothesis-profile", "forgetful")
    run(project, *arguments, *few).assert_outcomes(passed=1)


def test_with_no_other_phase_only_what_is_saved_is_had_again(project) -> None:
    run(project, "--hypothesis-profile", "kept", "--routes-seed", "1")
    result = run(project, "--hypothesis-profile", "reuse")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "  /ws/echo  the Hypothesis profile reuse leaves out Phase.generate",
            "2 routes: 1 failed, 1 not tested; nothing sent in * s (seed: *)",
        ]
    )


def test_what_hypothesis_has_by_itself_is_not_written_to(project) -> None:
    run(project, "--routes-seed", "1", "--routes-max-examples", "100").assert_outcomes(
        failed=1, passed=1
    )
    assert not (project.path / ".hypothesis" / "examples").exists()


def test_a_database_that_fails_is_a_warning(project) -> None:
    project.makeconftest(
        """
        from hypothesis import settings
        from hypothesis.database import ExampleDatabase

        class Away(ExampleDatabase):
            def fetch(self, key):
                raise OSError("no route to host")
            save = delete = lambda self, key, value: self.fetch(key)

        settings.register_profile("away", database=Away())
        settings.load_profile("away")
        """
    )
    result = run(project, "-k", "picky", "--routes-seed", "1")
    result.assert_outcomes(failed=1)
    told = [line for line in result.outlines if line.startswith("pytest-routes: warning")]
    assert told == [
        "pytest-routes: warning: the example database cannot be used: OSError: no route to host"
    ]


def test_statistics_are_those_of_the_search(project) -> None:
    result = run(project, "--hypothesis-show-statistics", "-k", "echo")
    start = result.outlines.index(next(each for each in result.outlines if "Statistics" in each))
    told = [re.sub(r"\d+\.\d\d|~.*|< 1ms", "N", line) for line in result.outlines[start + 1 :]]
    assert told[:7] == [
        "pyproject.toml::test_websocket[/ws/echo]:",
        "",
        "  - during generate phase (N seconds):",
        "    - Typical runtimes: N",
        "    - 30 passing examples, 0 failing examples, 0 invalid examples",
        "    - Found 0 distinct errors in this phase",
        "",
    ]
    assert "  - Stopped because settings.max_examples=30" in told
    result = run(project, "--hypothesis-show-statistics", "-k", "picky", "--routes-seed", "1")
    result.stdout.re_match_lines(
        [r"    - Found 1 distinct error in this phase", r"    - Tried \d+ shorter conversations"]
    )


def test_a_configuration_in_which_all_is_given_stays_as_it_is(pytestconfig) -> None:
    given = {(key,): Given("flag", f"--routes-{key}") for key in ("seed", "max_examples")}
    loaded = Loaded(Config(seed=1, max_examples=7), given, (), None, pytestconfig.rootpath)
    assert with_profile(loaded, pytestconfig) is loaded


def test_hypothesis_is_not_imported_to_be_asked(project) -> None:
    (project.path / "conftest.py").unlink()
    project.makepyfile(test_last="import sys\ndef test(): assert 'hypothesis' not in sys.modules")
    result = project.runpytest_subprocess("--routes", "-p", "no:randomly", "test_last.py")
    result.assert_outcomes(passed=1)
