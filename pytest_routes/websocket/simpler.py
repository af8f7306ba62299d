"""Simpler messages than a recorded one, for conversations that cannot be drawn again.

An application that keeps state may take the same choices for other messages the next time. What
was said is known all the same, and can be said more simply.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_routes.simulator.conversation import Message

if TYPE_CHECKING:
    from collections.abc import Iterator


def simpler(message: Message) -> Iterator[Message]:
    """Messages of the same kind that are simpler, the simplest first."""
    data = message.data
    if isinstance(data, bytes):
        yield from (Message("bytes", each) for each in _shorter(data, b"\0"))
        return
    if message.kind == "text":
        yield from (Message("text", each) for each in _shorter(data, "a"))
        return
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    for each in _simpler(value):
        text = json.dumps(each)
        if len(text) < len(data) or (len(text) == len(data) and text < data):
            yield Message(message.kind, text)


def _shorter(data: Any, simplest: Any) -> Iterator[Any]:
    for each in (data[:0], simplest):
        if len(each) < len(data) or (len(each) == len(data) and each < data):
            yield each
    size = len(data) // 2
    while size:
        yield data[:-size]
        yield data[size:]
        size //= 2


def _simpler(value: Any) -> Iterator[Any]:
    """JSON values that are simpler: another one in its place, a part of it, or one simpler part."""
    simplest: tuple[Any, ...] = (0, "", [], {})
    for simple in simplest:
        if type(simple) is type(value) and simple != value:
            yield simple
    if isinstance(value, dict):
        for name in reversed(value):
            yield {key: inner for key, inner in value.items() if key != name}
        for name, inner in value.items():
            yield from ({**value, name: each} for each in _simpler(inner))
    elif isinstance(value, list):
        for index in range(len(value) - 1, -1, -1):
            yield [*value[:index], *value[index + 1 :]]
        for index, inner in enumerate(value):
            yield from ([*value[:index], each, *value[index + 1 :]] for each in _simpler(inner))
    elif isinstance(value, str) and len(value) > 1:
        yield from (each for each in _shorter(value, "a") if each)
    elif isinstance(value, float) and value.is_integer():
        yield int(value)
