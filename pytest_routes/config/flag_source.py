"""What the command line says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.config import text
from pytest_routes.config.catalogue import Entry, catalogue
from pytest_routes.config.checks import TABLES
from pytest_routes.config.command_line import CHECK_FLAG, given_checks, given_flags
from pytest_routes.config.credentials import MASK
from pytest_routes.config.given import Given, KeyPath, echo
from pytest_routes.config.reading import Reading
from pytest_routes.routes.globs import nearest

if TYPE_CHECKING:
    import pytest


def read_flags(pytest_config: pytest.Config) -> Reading:
    """What the command line says (pytest's `addopts` and PYTEST_ADDOPTS included).

    A flag that is given again replaces what it said before; those for headers and checks do
    so name by name, and the values of one parameter add up.
    """
    reading = Reading(base=pytest_config.invocation_params.dir)
    entries = {entry.key: entry for entry in catalogue().values()}
    for key, (flag, value) in given_flags(pytest_config).items():
        entry = entries[key]
        if isinstance(value, bool):
            reading.put(entry.path, value, Given("flag", flag))
        elif entry.is_mapping:
            _read_pairs(reading, entry, flag, value)
        elif isinstance(value, list):
            given = Given("flag", flag, echo(entry.path, value))
            reading.put_value(entry.field, entry.path, value, given)
        else:
            reading.put_text(entry, value, Given("flag", flag, echo(entry.path, value)))
    _read_checks(reading, given_checks(pytest_config))
    if "replay" in reading.values and "enabled" not in reading.values:
        reading.put(("enabled",), True, reading.given[("replay",)])
    return reading


def _read_pairs(reading: Reading, entry: Entry, flag: str, texts: list[str]) -> None:
    """A repeatable flag that gives one `NAME:VALUE` or `NAME=VALUE` each time."""
    is_header = entry.key == "headers"
    separators, form = (":=", "NAME:VALUE") if is_header else ("=", "NAME=VALUE")
    pairs = _pairs(reading, flag, texts, separators, form)
    if is_header:
        for name, value in {name.lower(): (name, value) for name, value in pairs}.values():
            path: KeyPath = ("headers", name.lower())
            reading.put(path, value, Given("flag", flag, f"{name}:{echo(path, value)}"))
        return
    for name, values in text.collected(pairs).items():
        written = [value for each, value in pairs if each == name]
        path = ("parameters", name)
        reading.put(path, values, Given("flag", flag, f"{name}={echo(path, written)}"))


def _read_checks(reading: Reading, texts: list[str]) -> None:
    """`NAME=SEVERITY`, for every kind of route that has the check, or `http.NAME=SEVERITY`."""
    pairs = _pairs(reading, CHECK_FLAG, texts, "=", "CHECK=SEVERITY")
    found: dict[KeyPath, tuple[str, Given]] = {}
    for written, severity in pairs:
        given = Given("flag", CHECK_FLAG, f"{written}={severity}")
        paths = _check_paths(written.replace("-", "_"))
        if not paths:
            names = {name for model in TABLES.values() for name in model.model_fields}
            guess = nearest(written.rpartition(".")[2], sorted(names))
            hint = f", did you mean {guess}?" if guess else ""
            reading.mistakes.append(given.wrong(f"unknown check{hint}"))
        found |= dict.fromkeys(paths, (severity, given))
    for path, (severity, given) in found.items():
        reading.put(path, severity, given)


def _check_paths(name: str) -> list[KeyPath]:
    table, _, check = name.rpartition(".")
    return [
        (each, "checks", check)
        for each, model in TABLES.items()
        if check in model.model_fields and table in ("", each)
    ]


def _pairs(
    reading: Reading, flag: str, texts: list[str], separators: str, form: str
) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for item in texts:
        try:
            found += text.pairs([item], separators, form)
        except ValueError as error:
            reading.mistakes.append(Given("flag", flag, MASK).wrong(str(error)))
    return found
