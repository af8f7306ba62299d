"""Hostile applications: each ends in a clear result, and the route beside it is tested as ever.

Every one runs as a user would run it, in a process of its own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

APPLICATIONS = Path(__file__).parent / "apps" / "hostile"
# Far above what any of them takes: what is asserted is that there is an end.
_SECONDS = 150
# Two gibibytes are for the message of one; a run without bounds would ask for far more.
_MEMORY = 4 << 30

_CRASHES = {
    "exits:system_exit": "SystemExit",
    "exits:keyboard_interrupt": "KeyboardInterrupt",
    "exits:base_exception": "Unusual",
    "exits:generator_exit": "GeneratorExit",
    "exits:cancelled_error": "CancelledError",
    "exits:stop_async_iteration": "StopAsyncIteration",
    "exits:exits": "SystemExit",
    "exits:exits_in_a_callback": "RuntimeError",
    "exits:system_exit_in_a_task": "SystemExit",
    "exits:keyboard_interrupt_in_a_task": "KeyboardInterrupt",
    "exits:base_exception_in_a_task": "Unusual",
    "exits:generator_exit_in_a_task": "GeneratorExit",
    "loops:stops": "RuntimeError: stopped the loop",
    "loops:closes": "RuntimeError: Cannot close a running event loop",
    "loops:replaces": "RuntimeError: set another loop",
    "loops:policy": "RuntimeError: set a policy",
    "loops:runs_inside": "RuntimeError",
    "loops:cancels_all": "CancelledError",
    "loops:own_factory": "RuntimeError: set a task factory",
    "loops:executor_gone": "RuntimeError",
    "excess:ten_million_tasks": "TooManyTasks",
    "excess:tasks_of_tasks": "TooManyTasks",
    "excess:recurses": "RecursionError",
    "threads:starts": "RuntimeError: left a thread behind",
    "threads:calls_back": "RuntimeError: left a thread behind that calls",
}
_CHANGES = (
    "changes_directory",
    "changes_stdout",
    "closes_stdout",
    "no_stdout",
    "changes_path",
    "changes_logging",
    "changes_warnings",
    "changes_signals",
    "changes_locale",
    "changes_hooks",
    "seeds_random",
    "limits_recursion",
    "changes_environment",
)
_OTHERS = {
    "loops:goes_on": "shutdown_timeout",
    "loops:receives_for_ever": "shutdown_timeout",
    "loops:swallows_everything": "shutdown_timeout",
    "loops:spins": "message_timeout",
    "excess:blocks_in_c": "blocked_event_loop",
    "excess:spins_without_signals": "blocked_event_loop",
    "excess:computes_in_c": "blocked_event_loop",
    "excess:swallows_interruption": "blocked_event_loop",
}
_WARNED_OF = {
    "excess:sends_for_ever": "message_flood",
    "excess:gibibyte": "message_flood",
    "loops:stops_and_closes": "logged_exception",
    "threads:fails_from_outside": "logged_exception",
}
_FAILED_STARTS = {
    "lifespans:raises": "lifespan startup failed: RuntimeError: no database",
    "lifespans:exits": "lifespan startup failed: SystemExit: no database",
    "lifespans:hangs": (
        "lifespan startup did not complete: it waits for something that can never happen, "
        "in _hang (lifespans.py)"
    ),
    "lifespans:sleeps": (
        "lifespan startup did not complete: it was given 30 s, in _sleep (lifespans.py)"
    ),
}
_FAILED_ENDS = {
    "lifespans:raises_at_the_end": "lifespan shutdown failed: RuntimeError: no goodbye",
    "lifespans:hangs_at_the_end": (
        "lifespan shutdown did not complete: it waits for something that can never happen"
    ),
}

Tested = subprocess.CompletedProcess[str]


@pytest.fixture
def tested(tmp_path: Path) -> Callable[[str], Tested]:
    def test(app: str) -> Tested:
        (tmp_path / "pyproject.toml").write_text("")
        result = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly"),
                *("-v", "--routes", "--routes-app", app, "--routes-websocket"),
                *("--routes-max-examples", "15", "--routes-seed", "1"),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(APPLICATIONS)},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            start_new_session=True,
            preexec_fn=_bound_memory,
            check=False,
        )
        output = result.stdout + result.stderr
        assert "INTERNALERROR" not in output
        # Among the warnings are exceptions that Python itself has ignored while it collected a
        # million nested tasks.
        ours = output.partition("warnings summary")[0]
        assert "Traceback (most recent call last)" not in ours
        return result

    return test


def _bound_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _found(result: Tested) -> str:
    """What is wrong with the hostile route, when the run ended as one with a failure does."""
    assert result.returncode == pytest.ExitCode.TESTS_FAILED
    assert "test_websocket[/ws/hostile] FAILED" in result.stdout
    assert "test_websocket[/ws/other] PASSED" in result.stdout
    assert "1 failed, 1 passed" in result.stdout
    return result.stdout


@pytest.mark.parametrize("app", _CRASHES)
def test_what_would_end_the_process_fails_one_route(
    app: str, tested: Callable[[str], Tested]
) -> None:
    output = _found(tested(app))
    assert "Error Type: message_handler_error" in output
    assert _CRASHES[app] in output


@pytest.mark.parametrize("name", _CHANGES)
def test_what_a_route_changes_of_the_process_is_put_back(
    name: str, tested: Callable[[str], Tested]
) -> None:
    output = _found(tested(f"process:{name}"))
    assert "RuntimeError: the process is another one now" in output


@pytest.mark.parametrize("app", _OTHERS)
def test_what_would_never_end_is_found(app: str, tested: Callable[[str], Tested]) -> None:
    assert f"Error Type: {_OTHERS[app]}" in _found(tested(app))


@pytest.mark.parametrize("app", _WARNED_OF)
def test_what_is_no_error_is_warned_of(app: str, tested: Callable[[str], Tested]) -> None:
    result = tested(app)
    assert result.returncode == pytest.ExitCode.OK
    assert f"Warning: {_WARNED_OF[app]}" in result.stdout
    assert "2 passed" in result.stdout


@pytest.mark.parametrize("app", _FAILED_STARTS)
def test_an_application_that_does_not_start_is_one_usage_error(
    app: str, tested: Callable[[str], Tested]
) -> None:
    result = tested(app)
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    said = re.sub(r"\(\S+/(\w+\.py):\d+\)", r"(\1)", result.stderr.strip())
    assert said == f"ERROR: {app}: {_FAILED_STARTS[app]}"
    assert "shutdown" not in result.stdout


@pytest.mark.parametrize("app", _FAILED_ENDS)
def test_an_application_that_does_not_end_fails_the_run_that_passed(
    app: str, tested: Callable[[str], Tested]
) -> None:
    result = tested(app)
    assert result.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"pytest-routes: {app}: {_FAILED_ENDS[app]}" in result.stdout
    assert "2 passed" in result.stdout


def test_a_start_that_needs_seconds_of_real_work_is_waited_for(
    tested: Callable[[str], Tested],
) -> None:
    assert tested("lifespans:works").returncode == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("app", "module"), [("patched:nests", "nest_asyncio"), ("patched:installs_uvloop", "uvloop")]
)
def test_what_patches_asyncio_leaves_the_simulators_loop_alone(
    app: str, module: str, tested: Callable[[str], Tested]
) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    assert "RuntimeError: " in _found(tested(app))
