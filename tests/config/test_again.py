"""The command that a failure prints says again what its run was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_routes.config import flags_again
from pytest_routes.config.loading import Loaded, load

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]


@pytest.fixture
def again(pytester: pytest.Pytester) -> Callable[..., tuple[str, ...]]:
    def start(*arguments: str) -> tuple[str, ...]:
        loaded: Loaded = load(pytester.parseconfig("-p", "no:randomly", *arguments))
        return flags_again(loaded, arguments)

    return start


@pytest.mark.parametrize(
    "flags",
    [
        ("--routes-max-examples", "7"),
        ("--routes-ws-max-messages", "3"),
        ("--routes-ws-message-timeout", "2.5"),
        ("--routes-ws-include=/ws/a,/ws/b/*",),
        ("--routes-ws-paths=/media",),
        ("--routes-exclude", "*/a,/b"),
        ("--routes-ws-close-codes", "1000,4001"),
        ("--no-routes-ws-validate-subprotocols",),
        ("--routes-ws-schedule", "random"),
        ("--routes-header", "accept:text/html"),
        ("--routes-param", "id=1", "--routes-param", "id=2"),
        ("--routes-check", "leaked_task=off"),
        ("--routes-check", "http.protocol_violation=warn"),
        ("--routes-methods", "GET,PUT"),
    ],
    ids=lambda flags: flags[0],
)
def test_a_flag_is_said_again(again: Callable[..., tuple[str, ...]], flags: tuple[str]) -> None:
    assert again("--routes", *flags) == flags


def test_a_value_that_begins_with_a_slash_is_said_so_that_pytest_takes_it_for_no_path(
    again: Callable[..., tuple[str, ...]],
) -> None:
    assert again("--routes", "--routes-ws-paths", "/media") == ("--routes-ws-paths=/media",)


def test_what_the_flags_say_again_is_the_same_configuration(
    again: Callable[..., tuple[str, ...]], pytester: pytest.Pytester
) -> None:
    flags = ("--routes-ws-server", "daphne", "--routes-exclude", "/a,/b", "--no-routes-http")
    told = load(pytester.parseconfig(*flags)).config
    assert load(pytester.parseconfig(*again(*flags))).config == told


def test_a_variable_is_said_again_as_a_flag(
    again: Callable[..., tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_WEBSOCKET__MAX_CLIENTS", "3")
    assert again("--routes") == ("--routes-ws-max-clients", "3")


def test_what_stands_in_a_file_is_not_said_again(
    again: Callable[..., tuple[str, ...]], pytester: pytest.Pytester
) -> None:
    pytester.makepyprojecttoml(
        "[tool.pytest-routes]\nmax_examples = 3\n"
        "[tool.pytest.ini_options]\naddopts = '--routes-ws-max-messages 4'\n"
    )
    assert again("--routes") == ()


def test_what_the_command_says_anyway_is_left_out(
    again: Callable[..., tuple[str, ...]],
) -> None:
    flags = ("--routes-app", "a:b", "--routes-websocket", "--routes-seed", "3")
    assert again("--routes", *flags, "--routes-verbose", "--routes-report", "a.json") == ()


def test_a_secret_is_masked_and_one_of_a_variable_left_where_it_is(
    again: Callable[..., tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert again("--routes-auth", "bearer:hunter2") == ("--routes-auth", "bearer:***")
    monkeypatch.setenv("PYTEST_ROUTES_AUTH", "bearer:hunter2")
    assert again("--routes") == ()
