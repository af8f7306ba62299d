"""The configuration as text: the table of `--routes-show-config`, and one line for the header."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_routes.config.catalogue import Entry, catalogue, entries
from pytest_routes.config.credentials import MASK, Credentials
from pytest_routes.config.given import shorten
from pytest_routes.config.model import Config, Override
from pytest_routes.routes.secret_names import is_secret_name

if TYPE_CHECKING:
    from pydantic import BaseModel

    from pytest_routes.config.loading import Loaded
    from pytest_routes.routes.model import Route

_DEFAULT = "default"
_WIDEST = 48


def show_config(loaded: Loaded, routes: Sequence[Route] | None = None) -> str:
    """Every option with its value and where it came from, and the overrides of each route.

    Secrets are masked. Without `routes`, what would need the application is left out.
    """
    parts = [_table(("key", "value", "origin"), list(_option_rows(loaded)))]
    if routes is not None:
        parts.append(_table(("route", "overrides"), list(_route_rows(loaded.config, routes))))
    return "\n\n".join(parts)


def header(loaded: Loaded) -> str:
    """What differs from the defaults, on one line; empty when nothing does."""
    differing = [
        f"{key}={value.replace(', ', ',')}"
        for entry in catalogue().values()
        if entry.path not in (("enabled",), ("seed",))
        for key, value, origin in _entry_rows(loaded, entry, loaded.config, ())
        if origin != _DEFAULT and _value(loaded.config, entry) != default(entry)
    ]
    count = len(loaded.config.overrides)
    if count:
        differing.append(f"{count} override{'s' if count > 1 else ''}")
    return ", ".join(differing)


def default(entry: Entry) -> Any:
    """The default of an option."""
    return entry.field.get_default(call_default_factory=True)


def value_text(entry: Entry, value: Any, directory: Path | None = None) -> str:
    """A value as it reads in tables; paths are relative to `directory`, secrets masked."""
    if value is None or value in ((), {}, ""):
        return entry.option.unset
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ", ".join(value_text(entry, item, directory) for item in value)
    if isinstance(value, Path):
        return os.path.relpath(value, directory) if directory else str(value)
    if entry.option.secret and not isinstance(value, Credentials):
        return MASK
    return str(value)


def _option_rows(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    for entry in catalogue().values():
        yield from _entry_rows(loaded, entry, loaded.config, ())
    for index, override in enumerate(loaded.config.overrides):
        for entry in entries(Override):
            if _is_given(override, entry.path):
                yield from _entry_rows(loaded, entry, override, ("overrides", index))


def _entry_rows(
    loaded: Loaded, entry: Entry, model: BaseModel, below: tuple[str | int, ...]
) -> Iterator[tuple[str, str, str]]:
    """One row; for headers and parameters, one for each name."""
    prefix = f"{below[0]}[{below[1]}]." if below else ""
    value = _value(model, entry)
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            text = MASK if is_secret_name(name) else value_text(_plain(entry), item)
            origin = _origin(loaded, (*below, *entry.path, name))
            yield f"{prefix}{entry.key}.{name}", text, origin
        return
    text = value_text(entry, value, loaded.directory)
    yield f"{prefix}{entry.key}", text, _origin(loaded, (*below, *entry.path))


def _plain(entry: Entry) -> Entry:
    """The option of an entry of headers or parameters whose name tells of no secret."""
    return replace(entry, option=replace(entry.option, secret=False))


def _origin(loaded: Loaded, path: tuple[str | int, ...]) -> str:
    given = loaded.given.get(path)
    return given.origin if given is not None else _DEFAULT


def _value(model: BaseModel, entry: Entry) -> Any:
    value: Any = model
    for name in entry.path:
        value = getattr(value, name)
    return value


def _is_given(model: BaseModel, path: tuple[str, ...]) -> bool:
    for name in path:
        if name not in model.model_fields_set:
            return False
        model = getattr(model, name)
    return True


def _route_rows(config: Config, routes: Sequence[Route]) -> Iterator[tuple[str, str]]:
    for route in routes:
        hits = [
            f"overrides[{index}] {override.path}"
            for index, override in enumerate(config.overrides)
            if override.hits(route.path, route.method)
        ]
        yield route.id, ", ".join(hits) or "none"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Columns as wide as what they hold; a value that is wider than most does not widen all."""
    lines = [head, *rows]
    widths = [
        max(len(line[column]) for line in lines if len(line[column]) <= _WIDEST)
        for column in range(len(head))
    ]
    return "\n".join(
        "  ".join(
            shorten(cell).ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )
