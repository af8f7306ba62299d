"""Values that are wrong in one place: what remains is right, so that the wrong place is reached."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.schema.compiler import member_schema
from pytest_routes.generate.schema.containers import identity
from pytest_routes.generate.schema.merge import ALTERNATIVES, flat, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.schema.document import Schema
    from pytest_routes.generate.schema.validation import Validator

_MOST_PLACES = 64
_LONGEST = 100_000
_EXTRA = ("extra", "__class__", "id", "")
# Beside null and a string, what programs take for one another: 1 and true, 1 and 1.0, a thing
# and a list of it.
_OTHERS: tuple[Any, ...] = (None, "", 0, [], {}, True, "a", 1.5, "1", [None], -1)
_NO_FORMAT = ("", "a", "2024-02-30", "2024-02-30T25:61:61Z", "\x00")
# Formats that nearly any text has.
_LOOSE = frozenset({"binary", "password", "path", "new-path", "regex", "uri-reference"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of a value, by the keys that lead there, and what is asked of it."""

    path: tuple[Any, ...]
    value: Any
    schema: Mapping[str, Any]
    """Flat, of the alternative that the value was made for."""
    asked: Schema
    """As it is written, with all alternatives."""


class Breaker:
    """Breaks values of one schema."""

    def __init__(self, validator: Validator) -> None:
        self._validator = validator
        self._document = validator.document

    def broken(self, value: Any, choices: Choices) -> Any:
        """The value with one thing wrong; as it is when the schema takes everything."""
        places = list(self._places(value))
        if not places:
            return value
        first = choices.index(len(places))
        for place in places[first:] + places[:first]:
            ways = list(self._ways(place))
            if ways:
                return _replaced(value, place.path, pick(choices, ways)())
        return value

    def _places(self, value: Any) -> Iterator[_Place]:
        waiting: list[tuple[tuple[Any, ...], Any, Schema]] = [((), value, self._document.root)]
        count = 0
        while waiting and count < _MOST_PLACES:
            path, part, schema = waiting.pop(0)
            found = self._meant(part, schema)
            if found is None:
                continue
            count += 1
            yield _Place(path, part, found, schema)
            if isinstance(part, dict):
                waiting += [((*path, k), v, member_schema(k, found)) for k, v in part.items()]
            elif isinstance(part, list):
                first = found.get("prefixItems", ())
                waiting += [
                    ((*path, i), v, first[i] if i < len(first) else found.get("items", True))
                    for i, v in enumerate(part)
                ]

    def _meant(self, value: Any, schema: Schema) -> Mapping[str, Any] | None:
        """The schema with the alternatives that the value was made for; None: anything goes."""
        found = flat(schema, self._document)
        for _ in range(20):
            if isinstance(found, bool) or not found.get(ALTERNATIVES):
                break
            lists = found.pop(ALTERNATIVES)
            for options in lists:
                fitting = (o for o in options if self._validator.fits(value, o))
                found = merged(found, flat(next(fitting, True), self._document))
        return found if isinstance(found, dict) and found else None

    def _ways(self, place: _Place) -> Iterator[Callable[[], Any]]:
        value, schema = place.value, place.schema
        for other in (*_beside(value, schema), *_OTHERS):
            if type(other) is type(value) and identity(other) == identity(value):
                continue
            if not self._validator.fits(other, place.asked):
                yield lambda other=other: copy.deepcopy(other)  # type: ignore[misc]
        if isinstance(value, str) and schema.get("format", "path") not in _LOOSE:
            for text in _NO_FORMAT:
                yield lambda text=text: text  # type: ignore[misc]
        if isinstance(value, dict):
            for name in schema.get("required", ()):
                yield lambda name=name: {k: v for k, v in value.items() if k != name}  # type: ignore[misc]
            for name in _EXTRA if schema.get("additionalProperties") is False else ():
                yield lambda name=name: {**value, name: None}  # type: ignore[misc]


def _beside(value: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
    """Values just out of bounds, and the nearest of another type."""
    for key, offset in _BOUNDS.items():
        if key in schema:
            yield schema[key] + offset
    if isinstance(value, int | float) and abs(value) < 2**53:
        yield value + schema.get("multipleOf", 1) / 2
    if isinstance(value, str):
        yield from _strings_beside(value, schema)
    elif isinstance(value, bool | int | float):
        yield str(value)
    elif isinstance(value, list):
        yield from _arrays_beside(value, schema)
    yield [value]


_BOUNDS = {"minimum": -1, "maximum": 1, "exclusiveMinimum": 0, "exclusiveMaximum": 0}


def _strings_beside(value: str, schema: Mapping[str, Any]) -> Iterator[str]:
    least, most = schema.get("minLength", 0), schema.get("maxLength", _LONGEST)
    if 0 < least <= _LONGEST:
        yield value[: least - 1]
    if most < _LONGEST:
        yield (value or "a") + "a" * (most + 1 - len(value))
    if "pattern" in schema or "enum" in schema:
        yield from (value.upper(), value.lower(), f"{value} ", f"{value}\n", f" {value}", value[1:])


def _arrays_beside(value: list[Any], schema: Mapping[str, Any]) -> Iterator[list[Any]]:
    least, most = schema.get("minItems", 0), schema.get("maxItems", _LONGEST)
    yield value[: max(least - 1, 0)]
    if value:
        yield [*value, value[0]]
        if most < 1000:
            yield value + [value[-1]] * (most + 1 - len(value))


def _replaced(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    if not path:
        return part
    first, *rest = path
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[first] = _replaced(value[first], tuple(rest), part)
    return changed
