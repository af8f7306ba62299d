"""Which `pyproject.toml` is the project's."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

NAME = "pyproject.toml"
TABLE = re.compile(r"pytest[-_. ]?route", re.IGNORECASE)
"""The name of the plugin's table, misspelt or not."""


def candidates(pytest_config: pytest.Config) -> Iterator[Path]:
    """The files that may have a `[tool.pytest-routes]` table, the nearest first.

    A file given with `-c`; then the `pyproject.toml` of the directory pytest was started in
    and of those above it up to the rootdir; then those beside pytest's ini file and in the
    rootdir. In a monorepo with one ini file at its root, each project has its own table.
    """
    ini = pytest_config.inipath
    root = pytest_config.rootpath
    start = pytest_config.invocation_params.dir
    places: list[Path] = []
    if ini is not None and pytest_config.getoption("inifilename", None):
        places += [ini] if ini.suffix == ".toml" else []
        places.append(ini.parent / NAME)
    if start == root or root in start.parents:
        above = [start, *start.parents]
        places += [folder / NAME for folder in above[: above.index(root) + 1]]
    if ini is not None:
        places.append(ini.parent / NAME)
    places.append(root / NAME)
    return (path for path in dict.fromkeys(places) if path.is_file())


def find(pytest_config: pytest.Config) -> Path | None:
    """The first candidate that names the plugin's table, or something like it; else the
    first there is; None without any."""
    found = list(candidates(pytest_config))
    for path in found:
        text = read(path)
        if text is None or _mentions_table(text):
            return path
    return found[0] if found else None


def read(path: Path) -> str | None:
    """The text of a file, or None when it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _mentions_table(text: str) -> bool:
    """Whether a line begins a table like `[tool.pytest-routes]`, misspelt or not.

    A dependency on the plugin does not count: `pytest-routes = "*"` below another header.
    """
    header = ""
    for line in map(str.lstrip, text.splitlines()):
        if line.startswith("["):
            header = line.partition("#")[0].rstrip()
            if TABLE.search(header):
                return True
        elif (line.startswith("tool") or header == "[tool]") and TABLE.search(line):
            return True
    return False


def called(path: Path, directory: Path) -> str:
    """How messages call a file: by its path from the directory pytest was started in."""
    return os.path.relpath(path, directory) if path.anchor == directory.anchor else str(path)
