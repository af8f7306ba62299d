"""The types of option values that are more than a number or a text.

Each validator raises ValueError with a sentence that begins with "expected" and ends a
message to the user as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, PlainValidator, Strict, WithJsonSchema

from pytest_routes.config.credentials import TOKEN, Credentials, check_header_value
from pytest_routes.config.credentials import parse as parse_credentials
from pytest_routes.routes import globs

ServerName: TypeAlias = Literal["uvicorn", "hypercorn", "daphne"]
ClockName: TypeAlias = Literal["virtual", "real"]
Schedule: TypeAlias = Literal["fifo", "random"]
Isolation: TypeAlias = Literal["run", "sequence"]
FrameKind: TypeAlias = Literal["text", "json", "bytes", "graphql"]
MethodName: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"]


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers from `min` to `max`, both included; whole numbers when both are."""

    min: int | float
    max: int | float

    def __str__(self) -> str:
        return f"{self.min}..{self.max}"


ParameterValues: TypeAlias = tuple[str, ...] | Range
"""Texts to choose from, as they stand on the wire before percent-encoding, or a range."""


def check_app(text: str) -> str:
    expected = "expected module:attribute or module:factory(), such as myapp:app"
    module, colon, attribute = text.partition(":")
    names = [*module.split("."), *attribute.removesuffix("()").split(".")]
    if not colon or not all(name.isidentifier() for name in names):
        raise ValueError(expected)
    return text


def check_close_code(code: int) -> int:
    """A close code that a client may put into a close frame (RFC 6455, 7.4; 1012 to 1014 are
    registered with IANA; 1004, 1005, 1006 and 1015 must not be sent)."""
    if code in (1000, 1001, 1002, 1003) or 1007 <= code <= 1014 or 3000 <= code <= 4999:
        return code
    raise ValueError(
        "expected a close code that a client may send: 1000-1003, 1007-1014 or 3000-4999"
    )


def check_subprotocol(name: str) -> str:
    if TOKEN.fullmatch(name):
        return name
    raise ValueError("expected a subprotocol without spaces, commas or other separators")


def check_header_name(name: str) -> str:
    if TOKEN.fullmatch(name):
        return name.lower()
    raise ValueError("expected a legal header name")


def check_names(names: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list that must name something, each thing once."""
    if not names:
        raise ValueError("expected at least one")
    return tuple(dict.fromkeys(names))


def upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _credentials(value: Any) -> Credentials | None:
    if value is None or isinstance(value, Credentials):
        return value
    if not isinstance(value, str):
        raise ValueError("expected text such as bearer:TOKEN")
    return parse_credentials(value)


def _frame_kinds(value: Any) -> Literal["auto"] | tuple[FrameKind, ...]:
    kinds = get_args(FrameKind)
    if value == "auto" or value == ["auto"]:
        return "auto"
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        raise ValueError(f"expected auto, or a list of {', '.join(kinds)}")
    for name in names:
        if name not in kinds:
            guess = globs.nearest(str(name), [*kinds, "auto"])
            raise ValueError(
                f"expected auto, or any of {', '.join(kinds)}"
                + (f", got {name}" if len(names) > 1 else "")
                + (f", did you mean {guess}?" if guess else "")
            )
    return tuple(dict.fromkeys(names))


def _parameter_values(value: Any) -> ParameterValues:
    if isinstance(value, Range):
        return value
    if isinstance(value, Mapping):
        return _range(value)
    if isinstance(value, list | tuple):
        if not value:
            raise ValueError("expected at least one value")
        return tuple(_wire_text(item) for item in value)
    return (_wire_text(value),)


def _range(table: Mapping[str, Any]) -> Range:
    expected = "expected a value, a list of values, or a range such as {min = 1, max = 9}"
    low, high = table.get("min"), table.get("max")
    for bound in (low, high):
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise ValueError(expected)
        if not math.isfinite(bound):
            raise ValueError(expected)
    if set(table) != {"min", "max"} or low is None or high is None:
        raise ValueError(expected)
    if low > high:
        raise ValueError("expected a range whose min is not over its max")
    return Range(low, high)


_TEXT_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")


def range_from_text(text: str) -> dict[str, int] | None:
    """`1..9`, as a flag or an environment variable writes a range."""
    match = _TEXT_RANGE.fullmatch(text)
    return {"min": int(match[1]), "max": int(match[2])} if match else None


def _wire_text(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            raise ValueError("expected a value, a list of values, or a range")


def _path(value: Any) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected a path")
    if "\0" in value:
        raise ValueError("expected a path without NUL")
    return Path(value)


def check_report(path: Path) -> Path:
    if path.suffix in (".json", ".html"):
        return path
    raise ValueError("expected FILE.json or FILE.html")


def check_export(path: Path) -> Path:
    if path.suffix == ".py":
        return path
    raise ValueError("expected FILE.py")


def _reason(value: Any) -> str | Literal[False]:
    if value is False or (isinstance(value, str) and value.strip()):
        return value
    raise ValueError("expected a reason as text (or false, to undo an earlier override)")


_VALUE = {"type": ["string", "number", "boolean"]}
_RANGE = {
    "type": "object",
    "properties": {"min": {"type": "number"}, "max": {"type": "number"}},
    "required": ["min", "max"],
    "additionalProperties": False,
}
_KINDS = {"enum": list(get_args(FrameKind))}

AppPath: TypeAlias = Annotated[
    str, AfterValidator(check_app), WithJsonSchema({"type": "string", "pattern": "^[^:]+:[^:]+$"})
]
Glob: TypeAlias = Annotated[
    str,
    AfterValidator(globs.check),
    WithJsonSchema({"type": "string", "pattern": r"^[/*{]\S*$"}),
]
Globs: TypeAlias = Annotated[tuple[Glob, ...], Strict(False)]
RoutePath: TypeAlias = Annotated[
    str,
    AfterValidator(globs.check_path),
    WithJsonSchema({"type": "string", "pattern": r"^/[^\s?#*]*$"}),
]
RoutePaths: TypeAlias = Annotated[tuple[RoutePath, ...], Strict(False)]
Method: TypeAlias = Annotated[MethodName, BeforeValidator(upper)]
Methods: TypeAlias = Annotated[tuple[Method, ...], Strict(False), AfterValidator(check_names)]
CloseCode: TypeAlias = Annotated[
    int,
    AfterValidator(check_close_code),
    WithJsonSchema({"type": "integer", "minimum": 1000, "maximum": 4999}),
]
CloseCodes: TypeAlias = Annotated[tuple[CloseCode, ...], Strict(False), AfterValidator(check_names)]
Subprotocol: TypeAlias = Annotated[str, AfterValidator(check_subprotocol)]
Subprotocols: TypeAlias = Annotated[tuple[Subprotocol, ...], Strict(False)]
FrameKinds: TypeAlias = Annotated[
    Literal["auto"] | tuple[FrameKind, ...],
    PlainValidator(_frame_kinds),
    WithJsonSchema(
        {"anyOf": [{"enum": ["auto", *_KINDS["enum"]]}, {"type": "array", "items": _KINDS}]}
    ),
]
HeaderName: TypeAlias = Annotated[str, AfterValidator(check_header_name)]
HeaderValue: TypeAlias = Annotated[str, AfterValidator(check_header_value)]
Headers: TypeAlias = Mapping[HeaderName, HeaderValue]
Parameters: TypeAlias = Mapping[
    str,
    Annotated[
        ParameterValues,
        PlainValidator(_parameter_values),
        WithJsonSchema({"anyOf": [_VALUE, {"type": "array", "items": _VALUE}, _RANGE]}),
    ],
]
SecretCredentials: TypeAlias = Annotated[
    Credentials | None, PlainValidator(_credentials), WithJsonSchema({"type": "string"})
]
FilePath: TypeAlias = Annotated[Path, PlainValidator(_path), WithJsonSchema({"type": "string"})]
FilePaths: TypeAlias = Annotated[tuple[FilePath, ...], Strict(False)]
Reports: TypeAlias = Annotated[
    tuple[Annotated[FilePath, AfterValidator(check_report)], ...],
    Strict(False),
]
Export: TypeAlias = Annotated[FilePath, AfterValidator(check_export)]
Reason: TypeAlias = Annotated[
    str | Literal[False],
    PlainValidator(_reason),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, {"const": False}]}),
]
