"""The configuration: what may be set, where it was set, and what is wrong with it.

pytest imports this package in every run, so it imports nothing heavy: what needs the model
is imported when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.config.command_line import add_options, asks_for_config
from pytest_routes.config.enabled import is_enabled
from pytest_routes.config.error import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from pytest_routes.config.loading import Loaded as Loaded
    from pytest_routes.config.model import Config as Config
    from pytest_routes.routes.model import Route

__all__ = [
    "ConfigError",
    "add_options",
    "asks_for_config",
    "flags_again",
    "is_enabled",
    "load",
    "show_config",
    "unmatched",
]


def load(pytest_config: pytest.Config) -> Loaded:
    """The configuration of a run of pytest, with the place of every value.

    Raises ConfigError with all mistakes of all sources.
    """
    from pytest_routes.config import loading

    return loading.load(pytest_config)


def flags_again(loaded: Loaded, typed: Sequence[str]) -> tuple[str, ...]:
    """The command line that says again what this run was told beside `pyproject.toml`."""
    from pytest_routes.config import again

    return again.flags_again(loaded, typed)


def show_config(loaded: Loaded, routes: Sequence[Route] | None = None) -> str:
    """Every option with its value and where it came from; with `routes`, also the overrides
    that hit each. Secrets are masked."""
    from pytest_routes.config import showing

    return showing.show_config(loaded, routes)


def unmatched(loaded: Loaded, routes: Sequence[Route]) -> tuple[str, ...]:
    """A sentence for each glob of the user's that names none of the application's routes.

    `routes` are all that were discovered, also those that are not selected.
    """
    from pytest_routes.config import unmatched_globs

    return unmatched_globs.unmatched(loaded, routes)


def __getattr__(name: str) -> Any:
    if name == "Config":
        from pytest_routes.config.model import Config

        return Config
    if name == "Loaded":
        from pytest_routes.config.loading import Loaded

        return Loaded
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
