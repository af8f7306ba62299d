"""Every test runs as if the user had set nothing."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_settings_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What configures the plugin or pytest outside is not meant for the tests."""
    for name in list(os.environ):
        if name.startswith("PYTEST_ROUTES_") or name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            monkeypatch.delenv(name)
