"""The public names for tests of WebSocket routes.

Importing this module is cheap: a `conftest.py` does it even when no routes are tested. The
strategies are loaded when they are first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.registry import (
    WrongMessage,
    register_message_strategy,
    unregister_message_strategy,
)

_LATER = {
    "text_message_strategy": "pytest_routes.generate.strategies",
    "json_message_strategy": "pytest_routes.generate.strategies",
    "binary_message_strategy": "pytest_routes.generate.strategies",
    "graphql_message_strategy": "pytest_routes.generate.strategies",
    "register_conversation": "pytest_routes.generate.written",
    "unregister_conversation": "pytest_routes.generate.written",
    "Handshake": "pytest_routes.simulator.conversation",
    "Leave": "pytest_routes.simulator.conversation",
    "Message": "pytest_routes.simulator.conversation",
    "Open": "pytest_routes.simulator.conversation",
    "Send": "pytest_routes.simulator.conversation",
    "Vanish": "pytest_routes.simulator.conversation",
    "Wait": "pytest_routes.simulator.conversation",
}

if TYPE_CHECKING:
    from pytest_routes.generate.strategies import (
        binary_message_strategy,
        graphql_message_strategy,
        json_message_strategy,
        text_message_strategy,
    )
    from pytest_routes.generate.written import register_conversation, unregister_conversation
    from pytest_routes.simulator.conversation import (
        Handshake,
        Leave,
        Message,
        Open,
        Send,
        Vanish,
        Wait,
    )

__all__ = [
    "Handshake",
    "Leave",
    "Message",
    "Open",
    "Send",
    "Vanish",
    "Wait",
    "WrongMessage",
    "binary_message_strategy",
    "graphql_message_strategy",
    "json_message_strategy",
    "register_conversation",
    "register_message_strategy",
    "text_message_strategy",
    "unregister_conversation",
    "unregister_message_strategy",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
