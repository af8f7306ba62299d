"""The configuration: what may be set, where it was set, and what is wrong with it.

pytest imports this package in every run, so it imports nothing heavy: the model is in
`pytest_routes.config.model`, and `load` imports it when routes are tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.config.command_line import add_options, asks_for_config
from pytest_routes.config.enabled import is_enabled
from pytest_routes.config.error import ConfigError

if TYPE_CHECKING:
    import pytest

    from pytest_routes.config.loading import Loaded

__all__ = ["ConfigError", "add_options", "asks_for_config", "is_enabled", "load"]


def load(pytest_config: pytest.Config) -> Loaded:
    """The configuration of a run of pytest, with the place of every value.

    Raises ConfigError with all mistakes of all sources.
    """
    from pytest_routes.config import loading

    return loading.load(pytest_config)
