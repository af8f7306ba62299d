"""pytest's hooks that are there in every run.

When route tests are switched on, `pytest_routes.session` is registered with the rest of them;
everything heavy is imported only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.config import ConfigError, command_line
from pytest_routes.config.enabled import is_enabled
from pytest_routes.config.unknown_flags import refuse_unknown
from pytest_routes.simulator import strangers  # noqa: F401  # looks at the threads there are

if TYPE_CHECKING:
    from collections.abc import Generator

_MARKERS = (
    "routes: the test of a route (pytest-routes)",
    "websocket: the test of a WebSocket route (pytest-routes)",
    "http: the test of an HTTP route (pytest-routes)",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    command_line.add_options(parser)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    yield
    try:
        refuse_unknown(parser, args)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_configure(config: pytest.Config) -> None:
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if is_enabled(config):
        from pytest_routes.session import RouteSession

        config.pluginmanager.register(RouteSession(config), "pytest-routes-session")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    if not command_line.asks_for_config(config):
        return None
    from pytest_routes.session import RouteSession

    print(RouteSession(config).configuration())
    return int(pytest.ExitCode.OK)


@pytest.hookimpl(trylast=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in ("websocket_route", "http_route"):
        # The session's own hook comes first, and parametrizes when route tests are on.
        if name in metafunc.fixturenames and not metafunc.config.pluginmanager.has_plugin(
            "pytest-routes-session"
        ):
            off = pytest.param(
                None, id="off", marks=pytest.mark.skip(reason="route tests are off: give --routes")
            )
            metafunc.parametrize(name, [off], indirect=True)


@pytest.fixture
def websocket_route(request: pytest.FixtureRequest) -> Any:
    """A WebSocket route of the application; the test runs once for each.

    `websocket_route.test()` tests it as `pytest --routes --routes-websocket` does, and
    `websocket_route.route` tells what it is (`path`, `kind`, `id`). Without route tests the test
    is skipped.

        def test_websocket(empty_database, websocket_route):
            websocket_route.test()
    """
    return request.param.bound_to(request.node)


@pytest.fixture
def http_route(request: pytest.FixtureRequest) -> Any:
    """One method of an HTTP route of the application; the test runs once for each.

    `http_route.test()` tests it as `pytest --routes` does, and `http_route.route` tells what it
    is (`path`, `method`, `id`). Without route tests the test is skipped.

        def test_http(empty_database, http_route):
            http_route.test()
    """
    return request.param.bound_to(request.node)
