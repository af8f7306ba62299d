"""Bodies of HTTP requests as the handler's source reads them, where no type is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_routes.generate import breaking, content
from pytest_routes.generate.choices import pick
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.sorts import commands_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary import Site, Vocabulary

ReadAs: TypeAlias = Literal["json", "form", "bytes"]
"""What the source makes of a body: `request.json()`, `request.form()`, `request.body()`."""

# What 16 bodies are: as the source reads them, or such a body that is wrong in one place.
_RIGHT, _BROKEN, _NASTY = range(3)
_WAYS = (_RIGHT,) * 12 + (_BROKEN,) * 2 + (_NASTY,) * 2


def body_values(vocabulary: Vocabulary) -> list[tuple[ReadAs, Callable[[Choices], Any]]]:
    """What the source reads bodies as, with what makes values of it; empty when it does not
    look into them."""
    found: list[tuple[ReadAs, Callable[[Choices], Any]]] = []
    for site in vocabulary.sites:
        for read_as, codec in _ways(site):
            make = commands_of(site, codec)
            if make is not None:
                found.append((read_as, _values(make, structured=read_as != "bytes")))
    return found


def _ways(site: Site) -> list[tuple[ReadAs, Literal["json"] | None]]:
    if site.frame == "json":
        return [("json", None)]
    if site.frame == "form":
        return [("form", None)]
    if ("json", None) in site.term.children:
        return [("json", "json")]
    return [("bytes", None)] if site.frame == "bytes" and site.term.children else []


def _values(make: Recipe, *, structured: bool) -> Callable[[Choices], Any]:
    def values(choices: Choices) -> Any:
        memory = Memory()
        memory.earnest, memory.clean = True, choices.index(2) == 0
        way = pick(choices, _WAYS)
        value = make(choices, memory)
        if way == _RIGHT or not structured:
            return value
        if way == _BROKEN:
            return breaking.broken(choices, value)
        old, filled = breaking.opened(choices, value)
        return filled(content.nasty_value(choices, strict=True, instead_of=old))

    return values
