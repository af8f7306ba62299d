"""Reads the sources, merges them, and validates the result."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pytest_routes.config import project_file
from pytest_routes.config.conflicts import conflicts
from pytest_routes.config.environment_source import read_environment
from pytest_routes.config.error import ConfigError
from pytest_routes.config.file_source import read_file
from pytest_routes.config.flag_source import read_flags
from pytest_routes.config.given import Given, KeyPath, Mistake, dotted
from pytest_routes.config.mistakes import mistakes
from pytest_routes.config.model import Config
from pytest_routes.config.showing import header

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from pytest_routes.config.reading import Reading


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, and where each of its values came from."""

    config: Config
    given: Mapping[KeyPath, Given]
    """The place of every value that is not a default; paths as in the model."""
    warnings: tuple[str, ...]
    """What is allowed and yet probably not meant, one sentence each."""
    file: Path | None
    """The `pyproject.toml` that was read."""
    directory: Path
    """The directory pytest was started in, which shown paths are relative to."""

    @property
    def origins(self) -> Mapping[str, str]:
        """Dotted key -> flag, variable, or `pyproject.toml:LINE`; defaults are not in it."""
        return {dotted(path): given.origin for path, given in self.given.items()}

    @property
    def header(self) -> str:
        """What differs from the defaults, on one line; empty when nothing does."""
        return header(self)


def load(pytest_config: pytest.Config) -> Loaded:
    """The configuration of a run of pytest.

    Raises ConfigError with all mistakes of all sources. A value that another source
    overrules must be right too: it would surprise on the day that the other one is gone.
    """
    directory = pytest_config.invocation_params.dir
    file = project_file.find(pytest_config)
    name = project_file.called(file, directory) if file else ""
    readings = (
        read_flags(pytest_config),
        read_environment(os.environ, directory),
        read_file(file, name),
    )
    config, given = merge(readings)
    return Loaded(config, given, tuple(warnings(config, given)), file, directory)


def merge(readings: tuple[Reading, ...]) -> tuple[Config, Mapping[KeyPath, Given]]:
    """One configuration from several readings, of which earlier ones win, key by key."""
    found: list[Mistake] = []
    for reading in readings:
        found += sorted(dict.fromkeys(reading.mistakes + _mistakes_of(reading)), key=_line)
    if found:
        raise ConfigError([mistake.text for mistake in found])
    values: dict[str, Any] = {}
    given: dict[KeyPath, Given] = {}
    for reading in reversed(readings):
        for path, value in _options(reading.values):
            _set(values, path, value)
            given = {old: place for old, place in given.items() if old[: len(path)] != path}
            given |= {new: at for new, at in reading.given.items() if new[: len(path)] == path}
    config = Config(**values)
    clashes = [given[path].wrong(message).text for path, message in conflicts(config)]
    if clashes:
        raise ConfigError(clashes)
    return config, given


def _line(mistake: Mistake) -> int:
    return mistake.line


def _mistakes_of(reading: Reading) -> list[Mistake]:
    try:
        Config(**reading.values)
    except ValidationError as error:
        return mistakes(error, reading)
    return []


def _options(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
    """The options in nested values; the entries of headers and parameters one by one."""
    for name, value in values.items():
        where = (*path, name)
        in_mapping = path in (("headers",), ("parameters",))
        if isinstance(value, Mapping) and not in_mapping:
            yield from _options(value, where)
        else:
            yield where, value


def _set(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def warnings(config: Config, given: Mapping[KeyPath, Given]) -> Iterator[str]:
    """Flags that have no effect, since what they are about is switched off."""
    for path, place in given.items():
        if place.source != "flag" or not config.enabled:
            continue
        if path[0] == "websocket" and path[-1] != "enabled" and not config.websocket.enabled:
            yield f"{place.origin} has no effect without --routes-websocket"
        if path[0] == "http" and path[-1] != "enabled" and not config.http.enabled:
            yield f"{place.origin} has no effect with --no-routes-http"
