"""Showing what was said: short, unambiguous, and harmless to a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.report.redaction import NOTHING_SECRET, Redaction

if TYPE_CHECKING:
    from pytest_routes.simulator.conversation import Message

_LONGEST_UNIT = 64
_REPEATED_FROM = 100
"""What only repeats itself is shortened from this length on, whatever the limit."""
_SLACK = 40
_BETWEEN = " ... "
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def printable(text: str) -> str:
    """`text` with every character escaped that a terminal would act on or could not show:
    control and format characters (also those that reverse the reading direction), lone
    surrogates, unassigned ones, and every space but the ordinary one."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def printable_lines(text: str) -> list[str]:
    """The lines of a text written for people (an exception's message, a traceback)."""
    return [printable(line.replace("\t", "    ")) for line in text.split("\n")]


def shortened(text: str, limit: int) -> str:
    """`text` in at most about `limit` characters: its beginning and its end."""
    if len(text) <= limit + len(_BETWEEN):
        return text
    tail = limit // 3
    return f"{text[: limit - tail]}{_BETWEEN}{text[len(text) - tail :]}"


def literal(data: str | bytes, limit: int) -> str:
    """`data` as a Python literal, shortened in the middle, with its full length when it is.

    A text that repeats one short piece is shown as `'piece' * times`.
    """
    if len(data) > min(limit, _REPEATED_FROM):
        unit = _repeated_unit(data)
        if unit is not None:
            return _shorter(f"{unit!r} * {len(data) // len(unit)} ({_length(data)})", data)
    if len(data) <= limit:
        return repr(data)
    tail = limit // 3
    beginning, end = data[: limit - tail], data[len(data) - tail :]
    return _shorter(f"{beginning!r} ... {end!r} ({_length(data)})", data)


def json_literal(text: str, limit: int) -> str:
    """A JSON text as it travels, shortened in the middle, with its full length when it is."""
    compact = _with_short_strings(text, limit)
    if len(compact) <= limit + _SLACK:
        return printable(compact)
    return f"{printable(shortened(text, limit))} ({_length(text)})"


def message_literal(message: Message, limit: int, redact: Redaction = NOTHING_SECRET) -> str:
    """The content of a message: JSON as it travels, other text and bytes as Python literals."""
    if isinstance(message.data, bytes):
        return literal(redact.of_bytes(message.data), limit)
    if message.kind in ("json", "graphql"):
        return json_literal(redact(message.data), limit)
    return literal(redact(message.data), limit)


def exception_line(exception: BaseException, limit: int, redact: Redaction) -> str:
    """`KeyError: 'channel'`: type and message on one line."""
    try:
        text = str(exception)
    except Exception as error:  # the application's own __str__
        text = f"<its __str__ raised {type(error).__name__}>"
    lines = redact(text).split("\n")
    message = lines[0] if len(lines) == 1 else " ".join(line.strip() for line in lines)
    name = printable(type(exception).__qualname__)
    return f"{name}: {printable(shortened(message, limit))}" if message else name


def count(number: int, singular: str, plural: str = "") -> str:
    """`1 message`, `1,247 messages`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def seconds(value: float) -> str:
    """`30 s`, `0.25 s`: seconds without trailing zeros."""
    return f"{value:,.3f}".rstrip("0").rstrip(".") + " s"


def _escape(char: str) -> str:
    code = ord(char)
    if char in _ESCAPES:
        return _ESCAPES[char]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _shorter(short: str, data: str | bytes) -> str:
    """`data` as a Python literal when what was to be shorter than it is not."""
    # What is longer than this in itself is longer in any case, and may have a gibibyte.
    return short if len(data) >= len(short) else min(repr(data), short, key=len)


def _length(data: str | bytes) -> str:
    return count(len(data), "byte" if isinstance(data, bytes) else "character")


def _repeated_unit(data: str | bytes) -> str | bytes | None:
    for length in range(1, min(_LONGEST_UNIT, len(data) // 2) + 1):
        # Counted, not put together: an answer may have a gibibyte.
        unit: Any = data[:length]
        repeated: Any = data
        if repeated.endswith(unit) and repeated.count(unit) * length == len(data):
            return data[:length]
    return None


def _with_short_strings(text: str, limit: int) -> str:
    """The JSON text with its long strings shortened, so that its keys stay visible."""
    most = len(text) if len(text) <= limit else max(limit // 4, 16)

    def short(match: re.Match[str]) -> str:
        string = match[0][1:-1]
        repeated = len(string) > _REPEATED_FROM and _repeated_unit(string) is not None
        if len(string) <= most and not repeated:
            return match[0]
        brief = f'"{shortened(string, min(most, _REPEATED_FROM))}" ({_length(string)})'
        return min(match[0], brief, key=len)

    return _JSON_STRING.sub(short, text)
