"""From what a source says to values under the model's names, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin

from pytest_routes.config.catalogue import Entry, option_of, plain_type, table_of
from pytest_routes.config.checks import TABLES
from pytest_routes.config.given import Given, KeyPath, Mistake
from pytest_routes.config.model import Override
from pytest_routes.config.tables import HttpConfig, WebSocketConfig
from pytest_routes.config.text import from_text

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

Place: TypeAlias = Callable[[KeyPath, Any], Given]
"""Names the value at a path whose keys are as they were written."""

NOT_PER_ROUTE = "cannot be set for single routes"
_SHORT_TABLES: Mapping[str, type[BaseModel]]
_SHORT_TABLES = {"websocket": WebSocketConfig, "http": HttpConfig}


@dataclass(slots=True)
class Reading:
    """What one source says."""

    base: Path
    """What relative paths are relative to."""
    values: dict[str, Any] = field(default_factory=dict)
    """By the names of the model, not validated yet."""
    given: dict[KeyPath, Given] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def at(self, path: KeyPath) -> Given:
        """The place of a value, or of the nearest around it that is known."""
        while path not in self.given and path:
            path = path[:-1]
        return self.given[path]

    def put(self, path: KeyPath, value: Any, given: Given) -> None:
        """One value under its path; a second one for the same path is a mistake."""
        if path in self.given:
            first = self.given[path]
            also = f"{first.key} ({first.origin})" if first.key else first.named
            self.mistakes.append(given.misplaced(f"given twice, also as {also}"))
            return
        self.given[path] = given
        node: Any = self.values
        for part in path[:-1]:
            node = node[part] if isinstance(part, int) else node.setdefault(part, {})
        if isinstance(node, list):
            node.append(value)
        else:
            node[path[-1]] = value

    def put_value(self, found: FieldInfo | None, path: KeyPath, value: Any, given: Given) -> None:
        """One value of an option; paths are made relative to where the source is."""
        self.put(path, self._placed(found, value), given)

    def put_text(self, entry: Entry, text: str, given: Given) -> None:
        """One value of an option, written as text."""
        try:
            value = from_text(entry.field.annotation, text)
        except ValueError as error:
            self.mistakes.append(given.wrong(str(error)))
        else:
            self.put_value(entry.field, entry.path, value, given)

    def read(
        self,
        model: type[BaseModel],
        table: Mapping[str, Any],
        place: Place,
        path: KeyPath = (),
        written: KeyPath = (),
    ) -> None:
        """The values of a table of `model`; `-` and short forms are replaced."""
        for key, value in table.items():
            for names, keys, item in _spread(model, key, value):
                found = _field(model, names)
                self._read_value(found, (*path, *names), item, place, (*written, *keys))

    def _read_value(
        self, found: FieldInfo | None, path: KeyPath, value: Any, place: Place, written: KeyPath
    ) -> None:
        given = place(written, value)
        table = table_of(found)
        if table is not None and isinstance(value, Mapping):
            self.given.setdefault(path, given)
            self.read(table, value, place, path, written)
        elif path[-1] == "auth" and isinstance(value, str):
            self.put((*path, "credentials"), value, given)
        elif path == ("overrides",) and isinstance(value, list):
            self._read_overrides(value, place, written)
        elif is_mapping(found) and isinstance(value, Mapping):
            for name, item in value.items():
                entry = name.lower() if path[-1] == "headers" else name
                self.put((*path, entry), item, place((*written, name), item))
        elif _out_of_reach(found, path):
            self.mistakes.append(given.misplaced(NOT_PER_ROUTE))
        else:
            self.put_value(found, path, value, given)
            if isinstance(value, list):
                for index, item in enumerate(value):
                    self.given[(*path, index)] = place((*written, index), item)

    def _read_overrides(self, tables: list[Any], place: Place, written: KeyPath) -> None:
        self.put(("overrides",), [], place(written, tables))
        for index, table in enumerate(tables):
            path, where = ("overrides", index), (*written, index)
            is_table = isinstance(table, Mapping)
            self.put(path, {} if is_table else table, place(where, table))
            if is_table:
                self.read(Override, table, place, path, where)

    def _placed(self, found: FieldInfo | None, value: Any) -> Any:
        """Paths made relative to where the source is, everything else as it is."""
        if found is None or not _is_path(found):
            return value
        if isinstance(value, str) and value.strip() and "\0" not in value:
            return self.base / value
        if isinstance(value, list):
            return [self._placed(found, item) for item in value]
        return value


def is_mapping(found: FieldInfo | None) -> bool:
    """Whether an option is a table with names of the user's: headers, parameters."""
    return found is not None and get_origin(plain_type(found.annotation)) is Mapping


def _is_path(found: FieldInfo) -> bool:
    kind = plain_type(found.annotation)
    return kind is Path or Path in map(plain_type, get_args(kind))


def _out_of_reach(found: FieldInfo | None, path: KeyPath) -> bool:
    """Whether a table of an override has an option that only counts for the whole run."""
    option = option_of(found) if found is not None else None
    return path[0] == "overrides" and len(path) > 3 and option is not None and not option.per_route


def _field(model: type[BaseModel], names: tuple[str, ...]) -> FieldInfo | None:
    found = None
    for name in names:
        found = model.model_fields.get(name)
        model = table_of(found) or model
    return found


_Spread: TypeAlias = list[tuple[tuple[str, ...], tuple[str, ...], Any]]
"""Where values belong, the keys they were written under, and the values."""


def _spread(model: type[BaseModel], key: str, value: Any) -> _Spread:
    """Where a key belongs: an override may name the options of a table without the table."""
    name = key.replace("-", "_")
    if name in model.model_fields:
        return [((name,), (key,), value)]
    if model is Override and name == "checks" and isinstance(value, Mapping):
        return [item for check in value.items() for item in _spread_check(key, *check)]
    if model is Override:
        for table, below in _SHORT_TABLES.items():
            option = option_of(below.model_fields[name]) if name in below.model_fields else None
            if option is not None and option.per_route:
                return [((table, name), (key,), value)]
    return [((key,), (key,), value)]


def _spread_check(key: str, check: str, severity: Any) -> _Spread:
    """A check of that name may exist for WebSocket routes, for HTTP routes, or for both."""
    name = check.replace("-", "_")
    tables = [table for table, model in TABLES.items() if name in model.model_fields]
    return [((table, "checks", name), (key, check), severity) for table in tables or ["websocket"]]
