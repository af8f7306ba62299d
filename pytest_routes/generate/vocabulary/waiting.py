"""What a message goes through before the handler has it: waiting with a limit, tasks, queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import Channel, Display, Value, merged

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
}
"""What functions of asyncio and anyio hand on, by qualified name."""

TASKS = frozenset({"create_task", "ensure_future"})
"""Methods of loops and task groups that give a task for a coroutine."""
