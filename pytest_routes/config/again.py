"""The command line that says again what this run was told beside `pyproject.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pytest_routes.config.catalogue import catalogue
from pytest_routes.config.checks import TABLES
from pytest_routes.config.command_line import CHECK_FLAG
from pytest_routes.config.credentials import MASK
from pytest_routes.config.showing import value_text
from pytest_routes.routes.secret_names import is_secret_name

if TYPE_CHECKING:
    from pytest_routes.config.catalogue import Entry
    from pytest_routes.config.loading import Loaded

# Said by whoever prints the command, or without a say in what is tested.
_LEFT_OUT = frozenset(
    {"app", "enabled", "export", "replay", "replays", "report", "seed", "verbose"}
    | {"websocket.enabled"}
)


def flags_again(loaded: Loaded, typed: Sequence[str]) -> tuple[str, ...]:
    """Flags for every option that a flag or a variable has set.

    `typed` are the words of the command line. What stands in a file, `addopts` included, is there
    the next time as well, and so is a variable with a secret; a secret that was typed is masked.
    What Hypothesis was told is said as a flag: its profile may be one that was typed.
    """
    words = {word.partition("=")[0] for word in typed}
    paths = [
        path
        for path, given in loaded.given.items()
        if (given.source == "flag" and given.origin in words)
        or (given.source == "environment" and not _is_secret(path))
        or given.source == "hypothesis"
    ]
    return (
        *(word for path in paths if path[-2:-1] != ("checks",) for word in _words(loaded, path)),
        *_checks([path for path in paths if path[-2:-1] == ("checks",)], loaded),
    )


def _is_secret(path: tuple[str | int, ...]) -> bool:
    entry = catalogue().get(tuple(map(str, path)))
    return path[0] in ("auth", "headers", "parameters") or (
        entry is not None and entry.option.secret
    )


def _words(loaded: Loaded, path: tuple[str | int, ...]) -> Iterator[str]:
    names = tuple(str(part) for part in path)
    value: Any = loaded.config
    entry = next((each for each in catalogue().values() if each.path == names), None)
    entry = entry or catalogue().get(names[:-1])
    if entry is None or entry.key in _LEFT_OUT or not entry.option.flag:
        return
    for name in entry.path:
        value = getattr(value, name)
    if isinstance(value, Mapping):
        yield from _pair(entry, names[-1], value.get(names[-1]))
    elif isinstance(value, bool):
        yield entry.option.flag if value else f"--no-{entry.option.flag[2:]}"
    elif value is not None:
        yield from _flag(entry.option.flag, _written(entry, value))


def _flag(flag: str, value: str) -> Iterator[str]:
    """The words of a flag: one for a value that begins with a slash.

    Before pytest knows the flags of plugins it takes such a word for a path to test, and where
    that exists (`/media`), it looks for its configuration there.
    """
    yield from (f"{flag}={value}",) if value.startswith("/") else (flag, value)


def _pair(entry: Entry, name: str, value: Any) -> Iterator[str]:
    """A header or a parameter; of several values for one parameter, each by itself."""
    separator = ":" if entry.key == "headers" else "="
    for each in value if isinstance(value, tuple | list) else (value,):
        text = MASK if is_secret_name(name) else str(each)
        yield from (entry.option.flag, f"{name}{separator}{text}")


def _written(entry: Entry, value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(_written(entry, each) for each in value)
    return value_text(entry, value)


def _checks(paths: Sequence[tuple[str | int, ...]], loaded: Loaded) -> Iterator[str]:
    """One flag for a check, for all kinds of route that have it when they agree."""
    given: dict[str, dict[str, str]] = {}
    for path in paths:
        table, _, check = map(str, path)
        severity = getattr(getattr(loaded.config, table).checks, check)
        given.setdefault(check, {})[table] = severity
    for check, severities in given.items():
        tables = {table for table, model in TABLES.items() if check in model.model_fields}
        if severities.keys() == tables and len(set(severities.values())) == 1:
            yield from (CHECK_FLAG, f"{check}={next(iter(severities.values()))}")
        else:
            for table, severity in severities.items():
                yield from (CHECK_FLAG, f"{table}.{check}={severity}")
