"""Whether route tests run at all: asked in every run of pytest, so it has to be cheap."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pytest_routes.config.command_line import destination
from pytest_routes.config.project_file import TABLE, find, read

if TYPE_CHECKING:
    import pytest

VARIABLE = "PYTEST_ROUTES_ENABLED"
_OFF = frozenset({"0", "false", "f", "no", "n", "off"})


def is_enabled(pytest_config: pytest.Config) -> bool:
    """Whether a flag, the environment or `pyproject.toml` switches route tests on.

    A value that is neither on nor off counts as on, so that loading the configuration can
    complain about it. `--routes-replay` switches on too: a replay is a route test.
    """
    flag = pytest_config.getoption(destination("enabled"), None)
    if flag is not None:
        return bool(flag)
    if pytest_config.getoption(destination("replay"), None):
        return True
    variable = os.environ.get(VARIABLE, "").strip().lower()
    if variable:
        return variable not in _OFF
    return _file_enables(pytest_config)


def _file_enables(pytest_config: pytest.Config) -> bool:
    path = find(pytest_config)
    text = read(path) if path is not None else None
    if text is None or not TABLE.search(text) or "enabled" not in text:
        return False
    import tomli

    try:
        tables = tomli.loads(text).get("tool", {}).items()
    except (tomli.TOMLDecodeError, AttributeError):
        return False
    # A misspelt table switches on too: loading the configuration then tells the right name.
    return any(
        TABLE.match(name) and isinstance(table, dict) and table.get("enabled", False) is not False
        for name, table in tables
    )
