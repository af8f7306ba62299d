from __future__ import annotations

import pytest

from pytest_routes.config import is_enabled

pytest_plugins = ["pytester"]


def enabled(pytester: pytest.Pytester, *arguments: str) -> bool:
    return is_enabled(pytester.parseconfig("-p", "no:randomly", *arguments))


def test_route_tests_are_off_by_default(pytester: pytest.Pytester) -> None:
    assert not enabled(pytester)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tool.pytest-routes]\nenabled = true\n", True),
        ("[tool.pytest-routes]\nenabled = false\n", False),
        ("[tool.pytest-routes]\napp = 'a:b'\n", False),
        ("[tool.pytest-routes]\nenabled = 'yes'\n", True),
        ("[tool.pytest-routes.websocket]\nenabled = true\n", False),
        ("[tool]\npytest-routes = {enabled = true}\n", True),
        ("[tool.pytest_routes]\nenabled = true\n", True),  # to be told of the mistake
        ("[tool]\npytest-routes = 5\nenabled = true\n", False),
    ],
)
def test_the_file_may_switch_them_on(pytester: pytest.Pytester, text: str, expected: bool) -> None:
    pytester.makepyprojecttoml(text)
    assert enabled(pytester) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1", True), ("ON", True), ("0", False), ("No", False), ("mybe", True)]
)
def test_a_variable_wins_over_the_file(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, value: str, expected: bool
) -> None:
    pytester.makepyprojecttoml(f"[tool.pytest-routes]\nenabled = {str(not expected).lower()}\n")
    monkeypatch.setenv("PYTEST_ROUTES_ENABLED", value)
    assert enabled(pytester) is expected


def test_a_flag_wins_over_all(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_ENABLED", "0")
    assert enabled(pytester, "--routes")
    monkeypatch.setenv("PYTEST_ROUTES_ENABLED", "1")
    assert not enabled(pytester, "--no-routes")
    assert enabled(pytester)


def test_a_replay_is_a_route_test(pytester: pytest.Pytester) -> None:
    assert enabled(pytester, "--routes-replay", "a.json")
    assert not enabled(pytester, "--routes-replay", "a.json", "--no-routes")
