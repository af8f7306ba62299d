"""How values of a declared type are written in a path, a query, a header, a cookie or a form,
and what each of them can carry."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Texts: TypeAlias = tuple[str, ...]


def texts_of(value: Any) -> Texts:
    """The texts of a JSON value: several for a list, none for null."""
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(text for item in value for text in texts_of(item) or ("null",))
    return (text_of(value),)


def text_of(value: Any) -> str:
    """The text of one value, as frameworks read it back."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # Converters of paths know no exponents.
        return format(Decimal(repr(value)), "f")
    return json.dumps(value, default=str)


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _is_segment(text: str) -> bool:
    # A server decodes %2F before it looks for segments (ASGI: `path` is decoded), and clients
    # resolve the dots themselves (RFC 3986, 5.2.4).
    return text not in ("", ".", "..") and "/" not in text and _is_text(text)


def _are_segments(text: str) -> bool:
    if "\n" in text:
        return False  # Starlette's converter for the rest of a path takes none
    parts = text.split("/")
    if text.endswith("/") and len(parts) > 1:
        parts.pop()
    return all(map(_is_segment, parts))


_VISIBLE = r"[\x21-\x7e\x80-\xff]"
_FIELD_VALUE = re.compile(rf"(?:{_VISIBLE}(?:[\t \x21-\x7e\x80-\xff]*{_VISIBLE})?)?")
"""RFC 9110, 5.5: visible characters and, between them, spaces and tabs."""
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")
"""RFC 6265, 4.1.1: no space, quote, comma, semicolon or backslash."""

LEGAL: Mapping[str, Callable[[str], bool]] = {
    "path": _is_segment,
    "segments": _are_segments,
    "query": _is_text,
    "header": lambda text: _FIELD_VALUE.fullmatch(text) is not None,
    "cookie": lambda text: _COOKIE_VALUE.fullmatch(text) is not None,
}
"""What a place can carry; `segments` is a path parameter that may contain `/`."""
