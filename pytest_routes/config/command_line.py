"""The flags: asked for in every run of pytest, so nothing heavy is imported here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from pytest_routes.config.flags import FLAGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

SHOW_CONFIG = "routes_show_config"
SHOW_CONFIG_FLAG = "--routes-show-config"
CHECK = "routes_check"
CHECK_FLAG = "--routes-check"
_ACTIONS: Mapping[str, Mapping[str, Any]] = {
    "switch": {"action": argparse.BooleanOptionalAction},
    "value": {"action": "store"},
    "repeated": {"action": "append"},
    "several": {"action": "extend", "nargs": "+"},
}


def add_options(parser: pytest.Parser) -> None:
    """Tell pytest about all flags.

    Every value stays the text that was typed, and None when nothing was: the configuration
    validates it, and a flag with its default's value still wins over the file.
    """
    group = parser.getgroup("pytest-routes", "testing the routes of an ASGI application")
    for flag, key, way, metavar, help_text in FLAGS:
        attributes = dict(_ACTIONS[way])
        if metavar:
            attributes["metavar"] = metavar
        group.addoption(flag, dest=destination(key), default=None, help=help_text, **attributes)
    group.addoption(
        CHECK_FLAG,
        dest=CHECK,
        action="append",
        metavar="CHECK=SEVERITY",
        help="severity of a check: error, warn or off; http.CHECK or websocket.CHECK for one kind",
    )
    group.addoption(
        SHOW_CONFIG_FLAG,
        dest=SHOW_CONFIG,
        action="store_true",
        default=False,
        help="print every option, its value and where it came from, and run nothing",
    )


def names() -> list[str]:
    """Every flag, as it is typed."""
    found = [CHECK_FLAG, SHOW_CONFIG_FLAG]
    for flag, _, way, _, _ in FLAGS:
        found += [flag, f"--no-{flag[2:]}"] if way == "switch" else [flag]
    return found


def destination(key: str) -> str:
    """The attribute of pytest's options that holds the flag of an option."""
    return "routes_" + key.replace(".", "__")


def given_flags(pytest_config: pytest.Config) -> dict[str, tuple[str, Any]]:
    """The flags that were given: key of the option -> (the flag as typed, its value)."""
    found: dict[str, tuple[str, Any]] = {}
    for flag, key, way, _, _ in FLAGS:
        value = pytest_config.getoption(destination(key), None)
        if value is not None:
            off = way == "switch" and not value
            found[key] = (f"--no-{flag[2:]}" if off else flag, value)
    return found


def given_checks(pytest_config: pytest.Config) -> list[str]:
    """The `CHECK=SEVERITY` texts that were given."""
    return pytest_config.getoption(CHECK, None) or []


def asks_for_config(pytest_config: pytest.Config) -> bool:
    """Whether `--routes-show-config` was given."""
    return bool(pytest_config.getoption(SHOW_CONFIG, False))
