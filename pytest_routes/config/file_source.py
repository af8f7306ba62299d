"""What `pyproject.toml` says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import tomli

from pytest_routes.config.given import Given, KeyPath, Mistake, dotted, shown
from pytest_routes.config.lines import key_lines
from pytest_routes.config.model import Config
from pytest_routes.config.reading import Reading

TABLE = ("tool", "pytest-routes")


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
