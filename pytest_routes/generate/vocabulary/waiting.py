"""What a message goes through before the handler has it: waiting with a limit, tasks,
queues, context managers."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.objects import class_attribute
from pytest_routes.generate.vocabulary.parameters import NO_ARGUMENTS
from pytest_routes.generate.vocabulary.values import (
    Bound,
    Channel,
    Display,
    Instance,
    Live,
    Value,
    merged,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader


def _awaited(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """Awaiting the result gives what awaiting the argument would."""
    return arguments.named("", 0)


def _gathered(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return (Display(arguments.positional),)


def _sorted_out(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`done, pending = await asyncio.wait(tasks)`."""
    tasks = arguments.named("", 0)
    return (Display((tasks, tasks)),)


def _channel(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return (Channel(),)


def _stream(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """anyio's two ends of one stream."""
    channel: Value = (Channel(),)
    return (Display((channel, channel)),)


_PUTS = frozenset({"put", "put_nowait", "send", "send_nowait", "append", "appendleft"})
_TAKES = frozenset({"get", "get_nowait", "receive", "receive_nowait", "pop", "popleft"})


def of_channel(reader: Reader, atom: Channel, name: str, arguments: Arguments) -> Value | None:  # noqa: ARG001
    if name in _PUTS:
        atom.put(arguments.named("item", 0))
        return ()
    if name in _TAKES:
        return merged(atom.held)
    return (atom,) if name == "clone" else ()


def entered(reader: Reader, value: Value) -> Value:
    """What `with value as name` gives the name: what a generator yields, what a method says, or
    the value itself."""
    found: list[Value] = []
    for atom in value:
        if isinstance(atom, Display):
            found.extend(atom.items)
        elif isinstance(atom, Instance):
            found.append(_entered_object(reader, atom) or (atom,))
        else:
            found.append((atom,))
    return merged(found)


def _entered_object(reader: Reader, instance: Instance) -> Value:
    for name in ("__aenter__", "__enter__"):
        method = class_attribute(instance.cls, name)
        if isinstance(method, FunctionType) and reader.owns(method):
            return reader.call(Bound(Live(method), ((instance,),)), NO_ARGUMENTS)
    return ()


WAITING: dict[str, Callable[[Reader, Arguments, str], Value]] = {
    "asyncio.wait_for": _awaited,
    "asyncio.shield": _awaited,
    "asyncio.create_task": _awaited,
    "asyncio.ensure_future": _awaited,
    "asyncio.gather": _gathered,
    "asyncio.wait": _sorted_out,
    "asyncio.Queue": _channel,
    "asyncio.LifoQueue": _channel,
    "asyncio.PriorityQueue": _channel,
    "_queue.SimpleQueue": _channel,
    "queue.Queue": _channel,
    "collections.deque": _channel,
    "anyio.create_memory_object_stream": _stream,
    "contextlib.aclosing": _awaited,
    "contextlib.closing": _awaited,
    "contextlib.nullcontext": _awaited,
}
"""What functions of asyncio, anyio and contextlib hand on, by qualified name."""

TASKS = frozenset({"create_task", "ensure_future"})
"""Methods of loops and task groups that give a task for a coroutine."""

ENTERS = frozenset({"enter_context", "enter_async_context"})
"""Methods of a stack of context managers that give what the manager they are given does."""
