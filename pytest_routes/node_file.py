"""The file under which the items of routes stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def node_file(config: pytest.Config, project: Path | None, reference: str | None) -> Path | None:
    """One that exists, so that ids can be passed back; None when there is none.

    It is the `pyproject.toml` that the configuration was read from (in a monorepo not that
    of the rootdir), else pytest's own configuration file, else the application's module.
    """
    if project is not None and project.name == "pyproject.toml":
        return project
    if config.inipath is not None and config.inipath.is_file():
        return config.inipath
    if reference is None:
        return None
    module = _module(reference)
    for folder in (config.invocation_params.dir, config.rootpath):
        for place in (folder, folder / "src"):
            for file in (place / module.with_suffix(".py"), place / module / "__init__.py"):
                if file.is_file():
                    return file
    return None


def virtual_file(config: pytest.Config, reference: str) -> Path:
    """The name that stands for the file of an application that is installed elsewhere.

    pytest does not collect what lies in a virtual environment, and need not: only the name
    counts in ids.
    """
    return config.rootpath / _module(reference).with_suffix(".py")


def without_virtual(arguments: list[str], file: Path, start: Path) -> list[str]:
    """Takes the ids below a file that is not there out of pytest's arguments; their names."""
    names: list[str] = []
    for argument in [*arguments]:
        path, colons, name = argument.partition("::")
        if colons and (start / path).resolve() == file.resolve():
            arguments.remove(argument)
            names.append(name)
    return names


def chosen(items: Sequence[pytest.Item], names: Sequence[str]) -> Iterator[pytest.Item]:
    """The items that are called so, as pytest chooses them; all of them without names.

    Raises `pytest.UsageError` for a name that none has.
    """
    if not names:
        yield from items
    for name in names:
        found = [each for each in items if name in (each.name, each.name.partition("[")[0])]
        if not found:
            raise pytest.UsageError(f"not found: {name}: no route's test is called so")
        yield from found


def _module(reference: str) -> Path:
    return Path(*reference.partition(":")[0].strip().split("."))
