"""Which connections are still referenced after they have ended, and by what.

What is watched are the connection's own `receive` and `send`: nothing of ours holds them, so
one that is alive after a collection is held by the application or its framework.
"""

from __future__ import annotations

import gc
import itertools
import sys
import types
from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_routes.checks import Kept
from pytest_routes.checks.frames import is_framework
from pytest_routes.simulator.transcript import (
    Closed,
    Dropped,
    Left,
    Logged,
    LoopError,
    Raised,
    Refused,
    Stuck,
    TaskFailed,
    TaskLeft,
    Vanished,
)

if TYPE_CHECKING:
    from weakref import ref

    from pytest_routes.simulator.connection import Connection
    from pytest_routes.simulator.transcript import Transcript

_TELLING = (Raised, TaskFailed, Logged, LoopError)
_RUNNING = (Stuck, TaskLeft)
_DEPTH = 12
_WIDTH = 2_000
_NAMED = 5
_MANY = 100_000


class Remains:
    """Watches the connections of one route, while it is entered.

    Everything that exists before is kept out of the collections in between, which makes them
    cheap (`gc.freeze`).
    """

    def __init__(self) -> None:
        self._watched: list[tuple[ref[Any], str]] = []
        """What the connections were called with, and how they ended."""

    def __enter__(self) -> Remains:
        gc.freeze()
        return self

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()

    def watch(self, connections: list[Connection], transcript: Transcript) -> None:
        """Watch the connections of a conversation that is over.

        One with an exception is left out: its traceback, which is kept for the report, holds
        everything. So is one of which something still runs: that is what holds it, and it is
        told of already.
        """
        if any(isinstance(event, (*_TELLING, *_RUNNING)) for event in transcript.events):
            return
        for connection in connections:
            if connection.ended and connection.callables is not None:
                way = _way_out(transcript, connection.client)
                self._watched.append((connection.callables, way))

    def kept(self) -> list[Kept]:
        """The connections that are still alive: of all, then of those that ended in one way."""
        if self._alive():
            gc.collect()
        alive = self._alive()
        holders: list[str] = []
        if alive:
            gc.unfreeze()
            holders = _named([each for each, _ in alive])
        held = [(way, holder) for (_, way), holder in zip(alive, holders, strict=True)]
        ended = Counter(way for _, way in self._watched)
        return [
            Kept("", len(self._watched), holders),
            *(Kept(way, ended[way], [h for w, h in held if w == way]) for way in sorted(ended)),
        ]

    def _alive(self) -> list[tuple[Any, str]]:
        return [(alive, way) for each, way in self._watched if (alive := each()) is not None]


def _way_out(transcript: Transcript, client: int) -> str:
    """How a connection ended, as words behind it."""
    for event in transcript.events:
        if event.client == client:
            if isinstance(event, Left):
                return f"whose client left with code {event.code}"
            if isinstance(event, Vanished):
                return "whose client vanished"
            if isinstance(event, (Closed, Dropped, Refused)):
                return "that the application ended"
    return "that ended otherwise"


def _named(alive: list[Any]) -> list[str]:
    """What holds each of `alive`, the first few of which are followed upwards.

    Each step up goes through everything that lives, a step down only through what is held: so
    what else hangs on a holder is told from there.
    """
    names: dict[int, str] = {}
    for target in itertools.islice((each for each in alive if id(each) not in names), _NAMED):
        name, through = _holder(target)
        names[id(target)] = name
        if through is not None:
            below = _below(through, {id(each) for each in alive} - names.keys())
            names |= dict.fromkeys(below, name)
    return [names.get(id(each), "") for each in alive]


def _below(through: object, wanted: set[int]) -> set[int]:
    """Those of `wanted` that `through` holds, directly or through what it holds."""
    seen = {id(through)}
    level: list[Any] = [through]
    while level and len(seen) < _MANY and not wanted <= seen:
        held = gc.get_referents(*level)
        level = []
        for each in held:
            if id(each) not in seen and gc.is_tracked(each) and not _leads_everywhere(each):
                seen.add(id(each))
                level.append(each)
    return wanted & seen


def _leads_everywhere(each: object) -> bool:
    return (
        isinstance(each, (type, types.ModuleType, types.FrameType))
        or (isinstance(each, dict) and "__spec__" in each)
        or (_ours(each) and not isinstance(each, types.MethodType))
    )


def _holder(target: object) -> tuple[str, object]:
    """The module-level name, or else the class and attribute, through which `target` lives.

    Together with the object that is held there: `None` where the name is empty.
    """
    ignored = {id(sys._getframe()), id(sys._getframe().f_back)}
    seen = {id(target)}
    level: list[Any] = [target]
    fallback: tuple[str, object] = ("", None)
    keys: dict[int, str] = {}
    for _ in range(_DEPTH):
        held = {id(each) for each in level[:_WIDTH]}
        above: list[Any] = []
        # Each call goes through everything that lives, so there is one for the whole level.
        for referrer in gc.get_referrers(*level[:_WIDTH]):
            if id(referrer) in seen or id(referrer) in ignored or referrer is level:
                continue
            if isinstance(referrer, types.FrameType) or referrer is above or _ours(referrer):
                continue
            seen.add(id(referrer))
            name, value = _module_name(referrer, held)
            if name:
                return name, value
            if not fallback[0] and (name := _attribute_name(referrer, held, keys)):
                fallback = name, referrer
            above.append(referrer)
        if not above:
            break
        seen |= {id(level), id(above)}
        level = above
    return fallback


def _ours(referrer: object) -> bool:
    """The server holds the application; a way through it says nothing."""
    owner = getattr(referrer, "__self__", referrer)
    return type(owner).__module__.split(".")[0] == "pytest_routes"


def _module_name(referrer: object, held: set[int]) -> tuple[str, object]:
    if not isinstance(referrer, dict) or "__name__" not in referrer or "__spec__" not in referrer:
        return "", None
    module = referrer["__name__"]
    if not isinstance(module, str) or module.split(".")[0] == "pytest_routes":
        return "", None
    for name, value in list(referrer.items()):
        if id(value) in held:
            return f"{module}.{name}", value
    return "", None


def _attribute_name(referrer: object, held: set[int], keys: dict[int, str]) -> str:
    """`keys` remembers under which key a dict holds its value: the dict may be the attributes
    of an object that is found next."""
    if isinstance(referrer, dict):
        named = (key for key, value in referrer.items() if id(value) in held and type(key) is str)
        keys[id(referrer)] = next(named, "")
        return ""
    if isinstance(referrer, (list, set, tuple, types.FunctionType)):
        return ""
    attributes = getattr(referrer, "__dict__", None)
    if not isinstance(attributes, dict) or is_framework(type(referrer).__module__):
        return ""
    name = keys.get(id(attributes)) if id(attributes) in held else None
    name = name or next((key for key, value in attributes.items() if id(value) in held), None)
    kind = type(referrer)
    return f"{kind.__module__}.{kind.__qualname__}.{name}" if name else ""
