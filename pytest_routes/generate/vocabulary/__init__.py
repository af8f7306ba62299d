"""The vocabulary of an application: what its source says about the messages it takes.

`mine` reads the source of a handler, and of the functions of its own application that it
reaches, as syntax trees. Nothing is imported and nothing is executed.
"""

from __future__ import annotations

import gc
from collections.abc import Hashable
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.entries import read_from, territory
from pytest_routes.generate.vocabulary.reader import Reader
from pytest_routes.generate.vocabulary.shapes import shapes_of
from pytest_routes.generate.vocabulary.terms import (
    NOTHING,
    Asked,
    Condition,
    Constant,
    Declared,
    Frame,
    Shape,
    Site,
    Term,
    Vocabulary,
    remember,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_routes.generate.vocabulary.source import Territory

__all__ = [
    "NOTHING",
    "Asked",
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
    before it. A source that cannot be read says nothing: the result is then `NOTHING`. What
    was mined last is kept, for a route asks for it more than once.
    """
    if isinstance(handler, Hashable) and all(isinstance(d, Hashable) for d in dependencies):
        return _known(handler, tuple(dependencies))
    return _mined(handler, dependencies)


@lru_cache(maxsize=8)
def _known(handler: Any, dependencies: tuple[Any, ...]) -> Vocabulary:
    return _mined(handler, dependencies)


def _asked(reader: Reader) -> Iterator[Asked]:
    """What the source compares the parameters of the handshake with."""
    for (name, location), term in reader.parameters.items():
        values: list[Any] = []
        for each in term.walk():
            around = [bound + step for bound in each.bounds for step in (0, 1, -1)]
            lengths = ["a" * n for n in each.lengths if n <= _LONGEST]
            remember(values, [*each.values, *each.prefixes, *each.suffixes, *around, *lengths])
        if not term.uses.keys().isdisjoint(_NUMERIC):
            remember(values, _NUMBERS)
        for use in dict.fromkeys(use for t in term.walk() for use in (*t.uses, t.role)):
            remember(values, _WRITTEN.get(use, ()))
        texts = [v.decode("latin-1") if isinstance(v, bytes) else v for v in values]
        yield Asked(name, location, tuple(v for v in texts if v is not None))


_WRITTEN: dict[str, tuple[str, ...]] = {
    "date-time": (
        "2024-01-31T12:00:00",
        "2024-01-31T12:00:00Z",
        "2024-01-31T12:00:00+02:00",
        "2024-01-31",
    ),
    "date": ("2024-01-31", "2024-02-29", "9999-12-31"),
    "time": ("12:00", "23:59:59", "12:00:00+02:00"),
    "uuid": ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "00000000-0000-0000-0000-000000000000"),
    "decimal": ("1", "0", "10.5", "-1", "NaN"),
    "json": ("{}", "[]", "1", "null", '"a"'),
}
"""What a parameter may be that is read so: each form that its reader takes."""
_LONGEST = 1000
_NUMERIC = frozenset({"int", "float"})
_NUMBERS = (0, 1, 5, -1)
"""What a parameter that becomes a number may be."""


def _mined(
    handler: Callable[..., Any] | type | None, dependencies: Sequence[Callable[..., Any]]
) -> Vocabulary:
    own = None if handler is None else territory(handler)
    if own is None:
        return NOTHING
    with _uncollected():
        return _read(own, handler, dependencies)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Reading makes many small objects, all of which stay: a collection, of everything that lives
    in the process, finds nothing and takes as long as the reading."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(own: Territory, handler: Any, dependencies: Sequence[Callable[..., Any]]) -> Vocabulary:
    reader = Reader(own)
    reader.kept.module = getattr(handler, "__module__", None) or ""
    for entry in (*dependencies, handler):
        read_from(reader, entry)
    sites = tuple(
        replace(site, shapes=shapes_of(reader, site.term)) for site in reader.sites.values()
    )
    frames = frozenset(frame for site in sites for frame in site.frames)
    return Vocabulary(
        frames=frames or None,
        sites=sites,
        subprotocols=tuple(reader.subprotocols),
        negotiates=reader.negotiates,
        parameters=tuple(_asked(reader)),
        keys=tuple(reader.keys),
        words=tuple(word for word in reader.words if word is not None),
    )
