"""Registrations of users whose glob names no route: allowed, and probably a typo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.registry import registered_strategies
from pytest_routes.generate.written import registered_conversations
from pytest_routes.routes.globs import matches, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LIKE_AT_ALL = 0.3


def unused_registrations(paths: Sequence[str]) -> Iterator[str]:
    """A sentence for each registration that no WebSocket route of the application is meant by.

    `paths`: the declared ones, also of routes that are not selected.
    """
    registered = [(each.pattern, str(each)) for each in registered_strategies()]
    registered += [(each.pattern, str(each)) for each in registered_conversations()]
    for pattern, registration in registered:
        if not any(matches(pattern, path) for path in paths):
            guess = nearest(pattern, paths, at_least=_LIKE_AT_ALL)
            told = f", the nearest is {guess}" if guess else ""
            yield f"{registration} matches no route{told}"
