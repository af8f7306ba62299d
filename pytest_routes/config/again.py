"""What a run was asked for, as words of a command that asks for it again.

What `pyproject.toml` says needs no repeating. Flags and variables do: without them the same seed
draws other conversations, or as many fewer as do not get to the failure.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.config.command_line import CHECK_FLAG, given_checks, given_flags
from pytest_routes.config.credentials import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from pytest_routes.config.loading import Loaded

# Every command says these for itself, or they change only what is written down.
_NOT_AGAIN = frozenset(
    {"enabled", "app", "seed", "websocket.enabled", "http.enabled", "verbose"}
    | {"replay", "replays", "report", "export"}
)
# It says who the client is without being one of the configuration's secrets.
_MASKED = frozenset({"auth.first_message"})


@dataclass(frozen=True, slots=True)
class Again:
    """Secrets are still in it, but for those that only this module can know."""

    variables: tuple[str, ...] = ()
    """`PYTEST_ROUTES_MAX_EXAMPLES=500`, to stand before the command."""
    flags: tuple[str, ...] = ()
    """`--routes-max-examples`, `500`, to stand in it."""

    @classmethod
    def of(cls, pytest_config: pytest.Config, loaded: Loaded) -> Again:
        """What the run of `pytest_config` was asked for."""
        return cls(tuple(_variables(loaded)), tuple(_flags(pytest_config)))


def _variables(loaded: Loaded) -> Iterator[str]:
    found = {
        given.origin: MASK if key in _MASKED else os.environ[given.origin]
        for key, given in _given(loaded)
        if given.source == "environment" and given.origin in os.environ
    }
    for name in sorted(found):
        yield f"{name}={found[name]}"


def _given(loaded: Loaded) -> Iterator[tuple[str, Any]]:
    for path, given in loaded.given.items():
        key = ".".join(map(str, path))
        if key not in _NOT_AGAIN and path[0] not in _NOT_AGAIN:
            yield key, given


def _flags(pytest_config: pytest.Config) -> Iterator[str]:
    for key, (flag, value) in given_flags(pytest_config).items():
        if key in _NOT_AGAIN:
            continue
        if isinstance(value, bool):
            yield flag
            continue
        for text in value if isinstance(value, list) else [value]:
            yield from (flag, MASK if key in _MASKED else text)
    for text in given_checks(pytest_config):
        yield from (CHECK_FLAG, text)
