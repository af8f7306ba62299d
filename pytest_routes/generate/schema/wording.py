"""How problems with a value are told."""

from __future__ import annotations

from typing import Any


def shown(value: Any) -> str:
    """A value in a message, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}...{text[-12:]}"


def at(place: str, problem: str) -> str:
    """A problem of a part, with the part's place before it."""
    inner, separator, rest = problem.partition(": ")
    if separator and inner[:1] in (".", "["):
        return f"{place}{inner}: {rest}"
    return f"{place}: {problem}"
