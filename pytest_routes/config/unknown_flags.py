"""Flags that look like ours and are nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.config.command_line import names
from pytest_routes.config.error import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

_BEGINNINGS = ("--route", "--no-route")
_LIKENESS = 0.75


def refuse_unknown(parser: pytest.Parser, words: Sequence[str]) -> None:
    """Raise ConfigError for words of the command line that are mistyped flags.

    pytest says of them by itself that it does not know them, but not which were meant.
    """
    known = names()
    if all(word in known for word in map(_flag, words) if word.startswith(_BEGINNINGS)):
        return
    # Other plugins, and the user's own `conftest.py`, may have flags with such names.
    _, unknown = parser.parse_known_and_unknown_args(words)
    unknown = [flag for flag in map(_flag, unknown) if flag.startswith(_BEGINNINGS)]
    if unknown:
        raise ConfigError([f"{flag}: unknown flag{_guess(flag)}" for flag in unknown])


def _flag(word: str) -> str:
    return word.partition("=")[0]


def _guess(flag: str) -> str:
    from pytest_routes.routes.globs import nearest

    guess = nearest(flag, names(), at_least=_LIKENESS)
    return f", did you mean {guess}?" if guess else ""
