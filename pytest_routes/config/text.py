"""Values written as text, by flags and environment variables.

Text that does not fit the type stays text: validation then says what was expected.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pytest_routes.config.catalogue import plain_type
from pytest_routes.config.values import range_from_text
from pytest_routes.routes.globs import split_outside_braces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SWITCH = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on"), True),
    **dict.fromkeys(("0", "false", "f", "no", "n", "off"), False),
}
_INTEGER = re.compile(r"[+-]?\d+")


def from_text(kind: Any, text: str) -> Any:
    """`text` as a value of the type `kind`. Raises ValueError for malformed JSON."""
    text = text.strip()
    kind = plain_type(kind)
    if kind is bool:
        return _SWITCH.get(text.lower(), text)
    if kind is int:
        return int(text) if _INTEGER.fullmatch(text) else text
    if kind is float:
        try:
            return float(text)
        except ValueError:
            return text
    element = _element_type(kind)
    if element is not None:
        return _listed(element, text)
    return text


def json_value(text: str) -> Any:
    """The JSON in `text`. Raises ValueError that says so when it is none."""
    try:
        return json.loads(text)
    except ValueError as error:
        position = getattr(error, "pos", 0) + 1
        raise ValueError(f"expected JSON, it is malformed at character {position}") from None


def pairs(texts: Iterable[str], separators: str, form: str) -> Iterable[tuple[str, str]]:
    """`NAME=VALUE` texts as pairs. Raises ValueError that says the form when one is none."""
    for text in texts:
        found = re.match(rf"\s*([^{separators}\s][^{separators}]*?)\s*[{separators}]\s*", text)
        if found is None:
            raise ValueError(f"expected {form}")
        yield found[1], text[found.end() :].rstrip()


def mapping(name: str, text: str) -> Mapping[str, Any]:
    """`headers` or `parameters` in one text: JSON, or comma-separated `NAME=VALUE`."""
    if text.lstrip().startswith("{"):
        value: Mapping[str, Any] = json_value(text)
        return value
    texts = filter(str.strip, text.split(","))
    if name == "headers":
        return dict(pairs(texts, ":=", "NAME:VALUE"))
    return collected(pairs(texts, "=", "NAME=VALUE"))


def collected(given: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    """Parameter values by name: a name that is given several times has several values."""
    found: dict[str, list[Any]] = {}
    for name, text in given:
        found.setdefault(name, []).append(_parameter(text))
    return {name: items[0] if len(items) == 1 else items for name, items in found.items()}


def _parameter(text: str) -> Any:
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return range_from_text(text) or text


def _element_type(kind: Any) -> Any:
    """The type of a list's elements; a union with a list is written as a list."""
    for member in (kind, *get_args(kind)):
        if get_origin(member) is tuple:
            return get_args(member)[0]
    return None


def _listed(element: Any, text: str) -> Any:
    if text.startswith("["):
        return json_value(text)
    return [from_text(element, part) for part in map(str.strip, split_outside_braces(text)) if part]
