"""Texts of the application that are the same in every run."""

from __future__ import annotations

import re

# `<Room object at 0x7fb167dc2f10>`, as `object.__repr__` writes it.
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")


def steady(text: str) -> str:
    """The text without the addresses of objects."""
    return _ADDRESS.sub(" at 0x...", text) if " at 0x" in text else text
