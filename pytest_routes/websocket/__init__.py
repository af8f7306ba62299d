"""The public names for tests of WebSocket routes.

Importing this module is cheap: a `conftest.py` does it even when no routes are tested. The
strategies are loaded when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.registry import (
    WrongMessage,
    register_message_strategy,
    unregister_message_strategy,
)

if TYPE_CHECKING:
    from pytest_routes.generate.strategies import (
        binary_message_strategy,
        graphql_message_strategy,
        json_message_strategy,
        text_message_strategy,
    )

__all__ = [
    "WrongMessage",
    "binary_message_strategy",
    "graphql_message_strategy",
    "json_message_strategy",
    "register_message_strategy",
    "text_message_strategy",
    "unregister_message_strategy",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from pytest_routes.generate import strategies

        return getattr(strategies, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
