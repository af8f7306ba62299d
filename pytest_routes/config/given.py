"""A value as one source gives it, and how a message names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from pytest_routes.config.credentials import MASK, masked
from pytest_routes.routes.secret_names import is_secret_name

SourceName: TypeAlias = Literal["flag", "environment", "file", "hypothesis"]
KeyPath: TypeAlias = tuple[str | int, ...]

_LONGEST = 60


class Mistake(NamedTuple):
    """A sentence about one thing that is wrong."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """Where a value stands and how it reads there, with secrets masked."""

    source: SourceName
    origin: str
    """`--routes-ws-timeout`, `PYTEST_ROUTES_SEED`, `pyproject.toml:14`, or `Hypothesis profile
    nightly`."""
    text: str = ""
    """The value as it was written, shortened."""
    line: int = 0
    """In a file: the line, from 1, or 0 when it is not known."""
    key: str = ""
    """In a file: the dotted key as it was written. In a variable with JSON: the key in it."""

    def wrong(self, message: str) -> Mistake:
        """A mistake in the value."""
        match self.source:
            case "flag" | "hypothesis":
                where = self.named
            case "environment":
                where = f"{self.origin}={self.text}" + (f": {self.key}" if self.key else "")
            case "file":
                where = f"{self.origin}: {self.key} = {self.text}"
        return Mistake(self.line, f"{where}: {message}")

    def misplaced(self, message: str) -> Mistake:
        """A mistake in the key, whatever its value is."""
        return Mistake(self.line, f"{self.named}: {message}")

    @property
    def named(self) -> str:
        """The place, without the value of what is not on the command line."""
        if self.source == "flag":
            return f"{self.origin} {self.text}".rstrip()
        return f"{self.origin}: {self.key}" if self.key else self.origin


def dotted(path: KeyPath) -> str:
    """`("overrides", 0, "path")` as `overrides[0].path`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def shown(path: KeyPath, value: Any) -> str:
    """A value as messages show it: as TOML writes it, shortened, secrets masked."""
    return shorten(toml_text(without_secrets(path, value)))


def echo(path: KeyPath, value: Any) -> str:
    """Typed text as a message repeats it: shortened, secrets masked."""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    if path in (("auth",), ("auth", "credentials")) and not text.startswith("{"):
        return shorten(masked(text))
    if path in (("auth",), ("auth", "first_message"), ("headers",), ("parameters",)):
        return MASK
    if path[0] == "overrides":
        return MASK
    if path[0] in ("headers", "parameters") and is_secret_name(str(path[-1])):
        return MASK
    return shorten(text)


def shorten(text: str) -> str:
    """`text` on one line, its end left out when it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def without_secrets(path: KeyPath, value: Any) -> Any:
    """`value`, which stands at `path`, with everything masked that is or may be a secret."""
    names = [part for part in path if isinstance(part, str)]
    table, name = names[-2:-1], names[-1] if names else ""
    if isinstance(value, Mapping) and not (table == ["headers"] or table == ["parameters"]):
        return {key: without_secrets((*path, key), inner) for key, inner in value.items()}
    if name in ("auth", "credentials") and (name == "auth" or table != ["parameters"]):
        return masked(value) if isinstance(value, str) else MASK
    if name == "first_message" or (
        table and table[0] in ("headers", "parameters") and is_secret_name(name)
    ):
        return MASK
    if isinstance(value, list | tuple):
        return [without_secrets((*path, index), inner) for index, inner in enumerate(value)]
    return value


def toml_text(value: Any) -> str:
    """A value roughly as TOML writes it, on one line."""
    match value:
        case Mapping():
            inner = ", ".join(f"{key} = {toml_text(item)}" for key, item in value.items())
            return f"{{{inner}}}"
        case list() | tuple():
            return f"[{', '.join(map(toml_text, value))}]"
        case str() | bool() | int():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
