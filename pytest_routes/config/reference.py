"""The tables of options and checks in the documentation, as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.config.catalogue import catalogue
from pytest_routes.config.derived import default_text
from pytest_routes.config.mistakes import expectation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_routes.config.catalogue import Entry


def options_markdown(table: str = "") -> str:
    """The options of one table (`""`: of `[tool.pytest-routes]` itself, `websocket`, `http`,
    `auth`), one row each: key, flag, type, default, meaning."""
    found = [entry for entry in catalogue().values() if ".".join(entry.path[:-1]) == table]
    return _markdown(
        ("Key", "Flag", "Value", "Default", "Meaning"),
        (
            (
                f"`{entry.key}`",
                f"`{entry.option.flag}`" if entry.option.flag else "",
                expectation(entry.path),
                default_text(entry),
                _meaning(entry),
            )
            for entry in found
        ),
    )


def variables_markdown() -> str:
    """Every environment variable, with the key it stands for."""
    rows = ((f"`{entry.variable}`", f"`{entry.key}`") for entry in catalogue().values())
    return _markdown(("Variable", "Key"), rows)


def checks_markdown(table: str) -> str:
    """The checks of one kind of route (`websocket` or `http`): name, default, found when."""
    found = [entry for entry in catalogue().values() if entry.path[:-1] == (table, "checks")]
    return _markdown(
        ("Check", "Default", "Found when"),
        (
            (f"`{entry.path[-1]}`", default_text(entry), entry.option.help.partition(" when ")[2])
            for entry in found
        ),
    )


def _meaning(entry: Entry) -> str:
    return entry.option.help + (" (per route too)" if entry.option.per_route else "")


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )
