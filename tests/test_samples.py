"""What a newcomer types: one command, on an application with nothing else beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from apps import samples
from apps.samples.private import TOKEN

pytest_plugins = "pytester"

FRAMEWORKS = ("starlette_app", "fastapi_app", "litestar_app")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A directory with the samples and nothing else."""
    for sample in Path(samples.__file__).parent.glob("[a-z]*.py"):
        pytester.path.joinpath(sample.name).write_text(sample.read_text(encoding="utf-8"))
    return pytester


def _run(project: pytest.Pytester, app: str, *options: str) -> pytest.RunResult:
    return project.runpytest_inprocess(
        "--routes",
        f"--routes-app={app}",
        "--routes-websocket",
        "--routes-seed=1",
        "-p",
        "no:cacheprovider",
        *options,
    )


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_private_route_is_not_tested_without_a_token(
    project: pytest.Pytester, framework: str
) -> None:
    result = _run(project, f"private:{framework}", "-rs")
    result.assert_outcomes(skipped=1)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["SKIPPED*4001*"])


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_private_route_passes_with_its_token(
    project: pytest.Pytester, framework: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WS_AUTH_TOKEN", TOKEN)
    result = _run(project, f"private:{framework}", "--routes-auth=bearer:$WS_AUTH_TOKEN")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["Connections established: 1*"])
    assert TOKEN not in result.stdout.str()


def test_a_private_route_fails_with_a_wrong_token(project: pytest.Pytester) -> None:
    result = _run(project, "private:starlette_app", "--routes-auth=bearer:wrong")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*4001*"])


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(
    ("sample", "path"),
    [
        ("echo", "/ws/parrot"),
        ("chat", "/ws/bot"),
        ("one_shot", "/ws/thumbnail"),
        ("notifications", "/ws/notifications"),
        ("chat_server", "/ws/salon"),
        ("pub_sub", "/ws/channel/{channel*}"),
    ],
)
def test_a_sample_passes(project: pytest.Pytester, sample: str, path: str, framework: str) -> None:
    result = _run(project, f"{sample}:{framework}", "-v", "--routes-max-examples=20")
    result.assert_outcomes(passed=1)
    assert result.ret == pytest.ExitCode.OK
    pattern = path.replace("[", "[[]")
    result.stdout.fnmatch_lines([f"*test_websocket[[]{pattern}[]] PASSED*"])
