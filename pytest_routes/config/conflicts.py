"""Values that are right by themselves and wrong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.config.given import KeyPath
    from pytest_routes.config.model import Config


def conflicts(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """The path of one of the values, and what was expected of it."""
    app = config.app
    if config.isolation == "sequence" and app is not None and not app.endswith("()"):
        yield ("isolation",), f"expected app to be a factory such as {app}(), got {app}"
    if config.websocket.group and config.websocket.max_clients < 2:
        yield ("websocket", "group"), "expected websocket.max_clients of at least 2"
    if config.enabled and not config.http.enabled and not config.websocket.enabled:
        yield ("http", "enabled"), "nothing is left to test, expected --routes-websocket as well"
    if config.auth.credentials is not None:
        for name, _ in config.auth.credentials.headers:
            if name.lower() in config.headers:
                yield (
                    ("headers", name.lower()),
                    "expected either this or auth.credentials, which sets it too",
                )
    for index, override in enumerate(config.overrides):
        if override.skip and override.xfail:
            yield ("overrides", index, "xfail"), "expected either skip or xfail"
