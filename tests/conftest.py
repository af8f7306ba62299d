"""Every test runs as if the user had set nothing."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator

import pytest

from pytest_routes.generate import registry, written

# pytester takes the modules away again that a run within this process has imported; those that
# every run needs stay when they have been imported before. Frameworks have to stay: imported
# twice, an application of the one is no instance of the other's classes.
for name in (
    "fastapi",
    "hypothesis.strategies",
    "litestar",
    "pytest_routes.config.showing",
    "pytest_routes.generate.answers",
    "pytest_routes.http.examine",
    "pytest_routes.routes.fastapi",
    "pytest_routes.routes.graphql",
    "pytest_routes.routes.litestar",
    "pytest_routes.routes.starlette",
    "pytest_routes.session",
    "pytest_routes.websocket.examine",
    "starlette.applications",
    "starlette.endpoints",
    "starlette.responses",
    "starlette.websockets",
):
    importlib.import_module(name)


@pytest.fixture(autouse=True)
def no_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What configures the plugin or pytest outside is not meant for the tests."""
    for name in list(os.environ):
        if name.startswith("PYTEST_ROUTES_") or name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_plugins_without_a_part_in_it(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    no_settings_of_the_environment: None,
) -> None:
    """Runs within the tests keep their order, and load nothing that takes long for no purpose."""
    if "pytester" in request.fixturenames:
        request.getfixturevalue("pytester")  # it takes PYTEST_ADDOPTS away
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:randomly -p no:faker -p no:cov")


@pytest.fixture(autouse=True)
def loggers_that_speak() -> Iterator[None]:
    """Who configures logging for the whole process disables the loggers that there are."""
    yield
    for logger in list(logging.root.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture(autouse=True)
def nothing_registered_by_other_tests() -> Iterator[None]:
    """A run within a test registers in this process."""
    known = [(each, list(each)) for each in (registry._registrations, written._registrations)]
    yield
    for registrations, before in known:
        registrations[:] = before
