"""What the environment says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.config import text
from pytest_routes.config.catalogue import PREFIX, catalogue
from pytest_routes.config.given import Given, KeyPath, dotted, echo
from pytest_routes.config.mistakes import key_of_flag
from pytest_routes.config.model import Config
from pytest_routes.config.reading import Reading
from pytest_routes.routes.globs import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NOT_OPTIONS = re.compile(PREFIX + r"SECRET_\d+")
"""What exported tests read their secrets from; they may run in one run with the routes."""


def read_environment(environ: Mapping[str, str], base: Path) -> Reading:
    """What the variables `PYTEST_ROUTES_...` say; an empty one says nothing."""
    reading = Reading(base=base)
    for variable in sorted(environ):
        value = environ[variable].strip()
        if variable.startswith(PREFIX) and value and not _NOT_OPTIONS.fullmatch(variable):
            _read_variable(reading, variable, value)
    return reading


def _read_variable(reading: Reading, variable: str, value: str) -> None:
    path = tuple(variable.removeprefix(PREFIX).lower().split("__"))
    given = Given("environment", variable, echo(path, value))
    entry = catalogue().get(path)
    if entry is not None and not entry.is_mapping:
        reading.put_text(entry, value, given)
    elif path == ("auth",) and not value.startswith("{"):
        reading.put(("auth", "credentials"), value, given)
    elif path[0] in ("headers", "parameters"):
        _read_mapping(reading, path, value, given)
    elif path == ("overrides",) or any(key[: len(path)] == path for key in catalogue()):
        _read_json(reading, path, value, given)
    else:
        reading.mistakes.append(given.misplaced(_unknown_variable(variable)))


def _read_mapping(reading: Reading, path: tuple[str, ...], value: str, given: Given) -> None:
    """`PYTEST_ROUTES_HEADERS`, or `PYTEST_ROUTES_HEADERS__X_TENANT` for one name."""
    name = path[0]
    if len(path) > 1:
        entry = "__".join(path[1:])
        entry = entry.replace("_", "-") if name == "headers" else entry
        found: Mapping[str, Any] = {entry: value}
        if name == "parameters":
            found = text.collected([(entry, value)])
    else:
        try:
            found = text.mapping(name, value)
        except ValueError as error:
            reading.mistakes.append(given.wrong(str(error)))
            return
    for key, item in found.items():
        reading.put((name, key.lower() if name == "headers" else key), item, given)


def _read_json(reading: Reading, path: tuple[str, ...], value: str, given: Given) -> None:
    """A whole table, or the overrides, as JSON in one variable."""

    def place(written: KeyPath, _: Any) -> Given:
        inner = dotted(written[len(path) :])
        return Given("environment", given.origin, given.text, key=inner)

    try:
        parsed = text.json_value(value)
    except ValueError as error:
        reading.mistakes.append(given.wrong(str(error)))
        return
    for name in reversed(path):
        parsed = {name: parsed}
    reading.read(Config, parsed, place)


def _unknown_variable(variable: str) -> str:
    keys = {entry.variable.removeprefix(PREFIX): entry.key for entry in catalogue().values()}
    name = variable.removeprefix(PREFIX).upper()
    key = key_of_flag(name.lower()) or keys.get(nearest(name, keys, at_least=0.75) or "")
    guess = PREFIX + key.replace(".", "__").upper() if key else ""
    return "unknown variable" + (f", did you mean {guess}?" if guess else "")
