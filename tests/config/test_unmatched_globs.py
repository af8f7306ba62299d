from __future__ import annotations

import pytest

from pytest_routes.config import unmatched
from pytest_routes.config.loading import load
from pytest_routes.routes.model import Route

pytest_plugins = ["pytester"]

ROUTES = [
    Route(kind="websocket", path="/ws/chat"),
    Route(kind="websocket", path="/ws/news"),
    Route(kind="http", path="/users/{id}", method="GET"),
    Route(kind="http", path="/docs", method="GET"),
]


def warnings(pytester: pytest.Pytester, *arguments: str) -> tuple[str, ...]:
    config = pytester.parseconfig("-p", "no:randomly", "--routes", "--routes-websocket", *arguments)
    return unmatched(load(config), ROUTES)


def test_the_defaults_are_never_warned_about(pytester: pytest.Pytester) -> None:
    assert warnings(pytester) == ()


def test_globs_that_match_are_not_warned_about(pytester: pytest.Pytester) -> None:
    flags = ("--routes-ws-include", "/ws/*", "--routes-exclude", "/docs")
    assert warnings(pytester, *flags) == ()


def test_a_glob_of_the_file_that_matches_nothing_is_named_with_the_nearest_route(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyprojecttoml(
        """\
        [tool.pytest-routes]
        include = [
            "/users/*",
            "/user/*",
        ]
        exclude = ["/zzz"]
        auth.required = ["/ws/caht"]
        websocket.exclude = ["/users/**"]
        websocket.group = ["/ws/new"]
        [[tool.pytest-routes.overrides]]
        path = "/ws/chats"
        [[tool.pytest-routes.overrides]]
        path = "/users/*"
        methods = ["PUT"]
        """
    )
    assert warnings(pytester) == (
        'pyproject.toml:4: include[1] = "/user/*": matches no route, the nearest is /users/{id}',
        'pyproject.toml:6: exclude[0] = "/zzz": matches no route',
        'pyproject.toml:8: websocket.exclude[0] = "/users/**": matches no route, the nearest is '
        "/ws/chat",
        'pyproject.toml:9: websocket.group[0] = "/ws/new": matches no route, the nearest is '
        "/ws/news",
        'pyproject.toml:7: auth.required[0] = "/ws/caht": matches no route, the nearest is '
        "/ws/chat",
        'pyproject.toml:11: overrides[0].path = "/ws/chats": matches no route, the nearest is '
        "/ws/chat",
        'pyproject.toml:13: overrides[1].path = "/users/*": matches no route, the nearest is '
        "/users/{id}",
    )


def test_a_glob_of_a_flag_or_a_variable_is_named_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_WEBSOCKET__EXCLUDE", "/ws/chta")
    assert warnings(pytester, "--routes-ws-include", "/ws/news,/ws/nwes") == (
        "--routes-ws-include /ws/news,/ws/nwes: /ws/nwes matches no route, the nearest is /ws/news",
        "PYTEST_ROUTES_WEBSOCKET__EXCLUDE=/ws/chta: matches no route, the nearest is /ws/chat",
    )


def test_a_glob_that_matches_only_what_is_excluded_is_named(pytester: pytest.Pytester) -> None:
    assert warnings(pytester, "--routes-include", "/docs") == (
        "--routes-include /docs: matches only routes that exclude leaves out",
    )


def test_globs_of_what_is_switched_off_are_not_warned_about(pytester: pytest.Pytester) -> None:
    flags = ("--routes-ws-include", "/zzz", "--no-routes-websocket")
    assert warnings(pytester, *flags) == ()
    assert warnings(pytester, "--no-routes-http", "--routes-include", "/zzz") == ()
