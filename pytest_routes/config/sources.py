"""The three sources of a configuration, each read by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from pytest_routes.config import text
from pytest_routes.config.catalogue import PREFIX, Entry, catalogue
from pytest_routes.config.command_line import given_flags
from pytest_routes.config.credentials import MASK, is_secret_name, masked
from pytest_routes.config.given import Given, KeyPath, Mistake, dotted, shorten, shown
from pytest_routes.config.lines import key_lines
from pytest_routes.config.mistakes import key_of_flag
from pytest_routes.config.model import Config
from pytest_routes.config.reading import Reading
from pytest_routes.routes.globs import nearest

if TYPE_CHECKING:
    import pytest

TABLE = ("tool", "pytest-routes")


def read_flags(pytest_config: pytest.Config) -> Reading:
    """What the command line says (pytest's `addopts` and PYTEST_ADDOPTS included)."""
    reading = Reading(base=pytest_config.invocation_params.dir)
    entries = {entry.key: entry for entry in catalogue().values()}
    for key, (flag, value) in given_flags(pytest_config).items():
        entry = entries[key]
        if isinstance(value, bool):
            reading.put(entry.path, value, Given("flag", flag))
        elif entry.is_mapping:
            _read_pairs(reading, entry, flag, value)
        else:
            _read_text(reading, entry, value, Given("flag", flag, _echo(entry.path, value)))
    if "replay" in reading.values and "enabled" not in reading.values:
        reading.put(("enabled",), True, reading.given[("replay",)])
    return reading


def _read_pairs(reading: Reading, entry: Entry, flag: str, texts: list[str]) -> None:
    """A repeatable flag that gives one `NAME:VALUE` or `NAME=VALUE` each time."""
    separators, form = (":=", "NAME:VALUE") if entry.key == "headers" else ("=", "NAME=VALUE")
    collected: list[tuple[str, str]] = []
    for item in texts:
        try:
            collected += text.pairs([item], separators, form)
        except ValueError as error:
            reading.mistakes.append(Given("flag", flag, MASK).wrong(str(error)))
    if entry.key == "headers":
        for name, value in collected:
            given = Given("flag", flag, f"{name}:{MASK if is_secret_name(name) else value}")
            reading.put(("headers", name.lower()), value, given)
        return
    for name, value in text.collected(collected).items():
        written = " ".join(item for key, item in collected if key == name)
        given = Given("flag", flag, f"{name}={_echo(('parameters', name), written)}")
        reading.put(("parameters", name), value, given)


def read_environment(environ: Mapping[str, str], base: Path) -> Reading:
    """What the variables `PYTEST_ROUTES_...` say; an empty one says nothing."""
    reading = Reading(base=base)
    for variable in sorted(environ):
        value = environ[variable].strip()
        if variable.startswith(PREFIX) and value:
            _read_variable(reading, variable, value)
    return reading


def _read_variable(reading: Reading, variable: str, value: str) -> None:
    path = tuple(variable.removeprefix(PREFIX).lower().split("__"))
    given = Given("environment", variable, _echo(path, value))
    entry = catalogue().get(path)
    if entry is not None and not entry.is_mapping:
        _read_text(reading, entry, value, given)
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


def _read_text(reading: Reading, entry: Entry, value: Any, given: Given) -> None:
    if given.source == "flag" and isinstance(value, list):
        reading.put_value(entry.field, entry.path, value, given)
        return
    try:
        parsed = text.from_text(entry.field.annotation, value)
    except ValueError as error:
        reading.mistakes.append(given.wrong(str(error)))
        return
    reading.put_value(entry.field, entry.path, parsed, given)


def _echo(path: KeyPath, value: Any) -> str:
    """Typed text as a message repeats it."""
    if path[0] in ("auth", "overrides") and path[-1] != "required":
        is_credentials = path in (("auth",), ("auth", "credentials"))
        return masked(str(value)) if is_credentials and not str(value).startswith("{") else MASK
    if path == ("headers",) or path == ("parameters",) or is_secret_name(str(path[-1])):
        return MASK
    if isinstance(value, list):
        return shorten(" ".join(map(str, value)))
    return shorten(str(value))


def read_file(path: Path | None, name: str) -> Reading:
    """What `[tool.pytest-routes]` of a `pyproject.toml` says; `name` is how to call the file."""
    reading = Reading(base=path.parent if path else Path())
    if path is None:
        return reading
    try:
        content = path.read_bytes().decode("utf-8")
        data = tomli.loads(content)
    except OSError as error:
        reading.mistakes.append(Mistake(0, f"{name}: cannot be read: {error.strerror}"))
    except UnicodeDecodeError as error:
        reading.mistakes.append(Mistake(0, f"{name}: expected UTF-8, byte {error.start} is none"))
    except tomli.TOMLDecodeError as error:
        where = f"{name}:{error.lineno}:{error.colno}"
        reading.mistakes.append(Mistake(error.lineno, f"{where}: {error.msg}"))
    else:
        _read_document(reading, data, content, name)
    return reading


def _read_document(reading: Reading, data: Mapping[str, Any], content: str, name: str) -> None:
    misplaced = list(_misspelt_tables(data))
    tool = data.get("tool", {})
    table = tool.get("pytest-routes", {}) if isinstance(tool, Mapping) else {}
    if not misplaced and table == {}:
        return
    lines = key_lines(content)

    def place(written: KeyPath, value: Any) -> Given:
        return at(TABLE + written, shown(written, value), dotted(written))

    def at(keys: KeyPath, text: str, key: str) -> Given:
        line = lines.get(keys, 0)
        return Given("file", f"{name}:{line}" if line else name, text, line, key)

    for keys in misplaced:
        given = at(keys, "", ".".join(keys))
        reading.mistakes.append(given.misplaced("unknown table, did you mean tool.pytest-routes?"))
    if isinstance(table, Mapping):
        reading.read(Config, table, place)
    else:
        given = at(TABLE, shown((), table), ".".join(TABLE))
        reading.mistakes.append(given.wrong("expected a table"))


def _misspelt_tables(data: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Tables that are meant for this plugin by their name, and are not read by anyone."""
    found: list[tuple[str, ...]] = [(key,) for key in data if _is_like_ours(key)]
    tool = data.get("tool", {})
    if isinstance(tool, Mapping):
        found += [("tool", key) for key in tool if key != TABLE[1] and _is_like_ours(key)]
        pytest_table = tool.get("pytest", {})
        if isinstance(pytest_table, Mapping) and "routes" in pytest_table:
            found.append(("tool", "pytest", "routes"))
    return found


def _is_like_ours(key: str) -> bool:
    plain = re.sub(r"[-_. ]", "", key).lower()
    return SequenceMatcher(None, plain, "pytestroutes").ratio() >= 0.88
