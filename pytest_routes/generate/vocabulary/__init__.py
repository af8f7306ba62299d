"""The vocabulary of an application: what its source says about the messages it takes.

`mine` reads the source of a handler, and of the functions of its own application that it
reaches, as syntax trees. Nothing is imported and nothing is executed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.entries import read_from, territory
from pytest_routes.generate.vocabulary.reader import Reader
from pytest_routes.generate.vocabulary.shapes import shapes_of
from pytest_routes.generate.vocabulary.terms import (
    NOTHING,
    Condition,
    Constant,
    Declared,
    Frame,
    Shape,
    Site,
    Term,
    Vocabulary,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "NOTHING",
    "Condition",
    "Constant",
    "Declared",
    "Frame",
    "Shape",
    "Site",
    "Term",
    "Vocabulary",
    "mine",
]


def mine(
    handler: Callable[..., Any] | type | None, dependencies: Sequence[Callable[..., Any]] = ()
) -> Vocabulary:
    """What the source of a handler says about its messages.

    `handler` is the user's function, class or object; `dependencies` are functions that run
    before it. A source that cannot be read says nothing: the result is then `NOTHING`.
    """
    own = None if handler is None else territory(handler)
    if own is None:
        return NOTHING
    reader = Reader(own)
    for entry in (handler, *dependencies):
        read_from(reader, entry)
    sites = tuple(
        replace(site, shapes=shapes_of(reader, site.term)) for site in reader.sites.values()
    )
    frames = frozenset(frame for site in sites for frame in site.frames)
    return Vocabulary(
        frames=frames or None,
        sites=sites,
        subprotocols=tuple(reader.subprotocols),
        keys=tuple(reader.keys),
        words=tuple(word for word in reader.words if word is not None),
    )
