"""Times of one object that belong together: a beginning and an end, a day and the day after."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.schema.nodes import Node, Reference, Table, Union

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_routes.generate.choices import Choices

# Out of two, so that times that do not agree stay as frequent.
_APART_OR_TOGETHER = 2
_HOUR = dt.timedelta(hours=1)
_STEPS: dict[type[dt.date], tuple[dt.timedelta, ...]] = {
    dt.datetime: (
        *(_HOUR, _HOUR / 2, dt.timedelta(minutes=1), dt.timedelta(days=1), dt.timedelta(days=7)),
        *(dt.timedelta(), -_HOUR),
    ),
    dt.date: (
        *(dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(days=30), dt.timedelta()),
        dt.timedelta(days=-1),
    ),
}
_READ = {"date-time": dt.datetime.fromisoformat, "date": dt.date.fromisoformat}
_BOUNDS = ("x-bounds", "x-now", "minLength", "maxLength", "pattern", "enum")


class Moments(Table[str]):
    """Ready times of a format (`date-time`, `date`) that nothing bounds."""

    __slots__ = ("format",)

    def __init__(self, values: Sequence[str], name: str) -> None:
        super().__init__(values)
        self.format = name


def is_movable(name: str, schema: Mapping[str, Any]) -> bool:
    """Whether a time of the format is as good as any other one."""
    return name in _READ and not any(key in schema for key in _BOUNDS)


def moments_of(members: Mapping[str, Node]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The members that are times of one declared kind: its format with their names."""
    found: dict[tuple[str, ...], tuple[str, list[str]]] = {}
    for name, node in members.items():
        moments = _moments(node)
        if moments is not None:
            found.setdefault(moments.values, (moments.format, []))[1].append(name)
    return tuple((kind, tuple(names)) for kind, names in found.values() if len(names) > 1)


def _moments(node: Node) -> Moments | None:
    if isinstance(node, Moments):
        return node
    if isinstance(node, Reference):
        return _moments(node.target) if not node.recursive else None
    if isinstance(node, Union):
        found = [each for each in node.options if isinstance(each, Moments)]
        return found[0] if len(found) == 1 else None
    return None


def bring_together(
    value: dict[str, Any], kind: str, names: Sequence[str], choices: Choices
) -> None:
    """Half of the time, each of the times comes soon after the one before it, in its style."""
    present = [name for name in names if isinstance(value.get(name), str)]
    if len(present) < 2 or choices.index(_APART_OR_TOGETHER) == 0:
        return
    try:
        moment = _READ[kind](value[present[0]])
        for name in present[1:]:
            moment += pick(choices, _STEPS[type(moment)])
            value[name] = moment.isoformat()
    except (ValueError, OverflowError):
        return  # a leap second, the last day that there is
