"""The flags of a run as the command that brings a failure back has to give them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.config.catalogue import catalogue
from pytest_routes.config.command_line import CHECK_FLAG, given_checks, given_flags
from pytest_routes.config.credentials import MASK, is_secret_name, masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

# The command has these anyway, or they say what is told and written, not what is tested.
_LEFT_OUT = frozenset(
    {"enabled", "app", "websocket.enabled", "seed", "verbose", "report", "export",
     "replay", "replays"}
)  # fmt: skip


def flags_again(pytest_config: pytest.Config, typed: Sequence[str]) -> tuple[str, ...]:
    """The words of the flags among those `typed` on the command line that shape the tests.

    What `addopts` and environment variables say is said again by themselves. Secrets are
    masked: whoever runs the command fills them in.
    """
    words = [text.partition("=")[0] for text in typed]
    entries = {entry.key: entry for entry in catalogue().values()}
    found: list[str] = []
    for key, (flag, value) in given_flags(pytest_config).items():
        if key in _LEFT_OUT or flag not in words:
            continue
        if isinstance(value, bool):
            found.append(flag)
            continue
        texts = value if isinstance(value, list) else [value]
        for text in texts:
            found += [flag, _without_secret(text, key, secret=entries[key].option.secret)]
    if CHECK_FLAG in words:
        for text in given_checks(pytest_config):
            found += [CHECK_FLAG, text]
    return tuple(found)


def _without_secret(text: str, key: str, *, secret: bool) -> str:
    if key == "auth.credentials":
        return masked(text)
    if key in ("headers", "parameters"):
        separator = ":" if key == "headers" and ":" in text else "="
        name, found, _ = text.partition(separator)
        return f"{name}{found}{MASK}" if is_secret_name(name) else text
    return MASK if secret else text
