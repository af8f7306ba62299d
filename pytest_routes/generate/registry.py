"""The message strategies that users register for their application's own protocol."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from pytest_routes.routes.globs import check, matches, nearest
from pytest_routes.simulator.conversation import MessageKind

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

KINDS: tuple[MessageKind, ...] = get_args(MessageKind)


@dataclass(frozen=True, slots=True)
class Registration:
    """A strategy for the messages of some routes."""

    pattern: str
    kind: MessageKind
    strategy: SearchStrategy[Any]
    weight: float
    """The share of the messages of this kind that are drawn from the strategy."""
    place: str
    """The file and line that registered it."""

    def __str__(self) -> str:
        return f"register_message_strategy({self.pattern!r}, {self.kind!r}, ...) in {self.place}"


class WrongMessage(TypeError):
    """A registered strategy drew something that is no message of its kind."""


_registrations: list[Registration] = []


def register_message_strategy(
    pattern: str, kind: MessageKind, strategy: SearchStrategy[Any], *, weight: float = 1.0
) -> None:
    """Send messages from a strategy of your own to the routes that a glob names.

    `pattern` is a glob over declared paths (`/ws/chat`, `/ws/*`, `**`). `kind` says what the
    strategy yields: `"text"` a `str`, `"bytes"` a `bytes`, `"json"` whatever `json.dumps`
    takes, `"graphql"` a message of a GraphQL protocol as a `dict`. `weight`, over 0 and up to
    1, is the share of the route's messages of this kind that are drawn from it; what is left
    is generated as usual. Where several registrations of one kind match a route, the latest
    counts. Belongs into a `conftest.py`:

        register_message_strategy("/ws/volume", "json", st.builds(dict, level=st.integers(0, 11)))

    Raises TypeError when `strategy` is no Hypothesis strategy, ValueError when the glob, the
    kind or the weight cannot be.
    """
    _registrations.append(
        Registration(
            checked_glob(pattern),
            _kind(kind),
            _strategy(strategy),
            checked_weight(weight),
            caller(),
        )
    )


def unregister_message_strategy(pattern: str, kind: MessageKind | None = None) -> None:
    """Forget the strategies that were registered with exactly this glob: those of one kind,
    or all.

        unregister_message_strategy("/ws/volume", "json")

    Raises LookupError when there are none.
    """
    wanted = None if kind is None else _kind(kind, "unregister_message_strategy")
    kept = [
        r
        for r in _registrations
        if r.pattern != pattern or (wanted is not None and r.kind != wanted)
    ]
    if len(kept) == len(_registrations):
        known = ", ".join(sorted({r.pattern for r in _registrations})) or "none"
        raise LookupError(
            f"no message strategy is registered for {pattern!r}"
            f"{'' if kind is None else f' and {kind!r}'}; registered: {known}"
        )
    _registrations[:] = kept


def registered_strategies() -> tuple[Registration, ...]:
    return tuple(_registrations)


def registrations_for(path: str) -> tuple[Registration, ...]:
    """The registrations that count for a route: for each kind the latest that matches its
    declared path."""
    latest: dict[MessageKind, Registration] = {}
    for registration in _registrations:
        if matches(registration.pattern, path):
            latest.pop(registration.kind, None)
            latest[registration.kind] = registration
    return tuple(latest.values())


def checked_glob(pattern: object, function: str = "register_message_strategy") -> str:
    """The glob, or an error of the public function that names it."""
    if not isinstance(pattern, str):
        raise TypeError(f"{function}: pattern must be a glob like '/ws/*', not {pattern!r}")
    try:
        return check(pattern)
    except ValueError as error:
        raise ValueError(f"{function}: pattern {pattern!r}: {error}") from None


def _kind(kind: object, caller: str = "register_message_strategy") -> MessageKind:
    for known in KINDS:
        if kind == known:
            return known
    hint = nearest(kind, KINDS) if isinstance(kind, str) else None
    raise ValueError(
        f"{caller}: kind must be one of {', '.join(map(repr, KINDS))}, "
        f"not {kind!r}{f'; did you mean {hint!r}?' if hint else ''}"
    )


def _strategy(strategy: Any) -> SearchStrategy[Any]:
    from hypothesis.strategies import SearchStrategy

    if isinstance(strategy, SearchStrategy):
        return strategy
    hint = ""
    if callable(strategy):
        name = getattr(strategy, "__name__", "it")
        hint = f"; call it: {name}()"
    raise TypeError(
        f"register_message_strategy: strategy must be a Hypothesis strategy, not {strategy!r}{hint}"
    )


def checked_weight(weight: object, function: str = "register_message_strategy") -> float:
    """The weight, or an error of the public function that names it."""
    if isinstance(weight, bool) or not isinstance(weight, (int, float)):
        raise TypeError(f"{function}: weight must be a number, not {weight!r}")
    if not 0 < weight <= 1:
        raise ValueError(f"{function}: weight must be over 0 and at most 1, not {weight!r}")
    return float(weight)


def caller() -> str:
    """The file and line that called the public function that calls this."""
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
