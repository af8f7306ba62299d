"""Texts of which the source looks at every character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_COUNTS = (1, 2, 3, 4, 2, 3, 6, 0)
_FOREIGN = ("a", "1", " ", "é", "\n", "Z", "-")
_STRANGE = 8
"""One text in so many, where it may be any, has a character of which the source knows nothing."""
_RATHER = 2
"""How much more often those are said that the branch asks for than all that the source names."""
_OF_USES = {"digits": ("1", "2", "0"), "letters": ("a", "b", "A"), "int": ("1", "2", "0")}


def letters_of(term: Term, shape: Shape) -> Recipe | None:
    """Texts of the characters that the branch asks for; None when the source names none."""
    pool = alphabet(term, shape)
    if not pool:
        return None

    def made(choices: Choices, memory: Memory) -> Any:
        text = "".join(pick(choices, pool) for _ in range(pick(choices, _COUNTS)))
        if memory.clean or choices.index(_STRANGE) < _STRANGE - 1:
            return text
        return text + pick(choices, _FOREIGN)

    return made


def alphabet(term: Term, shape: Shape) -> Sequence[str]:
    """The characters to choose from. A branch may be for one of them, among others; of several,
    all characters are one."""
    inner = term.children.get(("letter", None))
    if inner is None or inner not in shape:
        return ()
    wanted = _single(v for c in shape.asked_of(inner) if c.operation == "is" for v in c.values)
    known = _single([*inner.values, *(v for u in inner.uses for v in _OF_USES.get(u, ()))])
    if len(wanted) > 1:
        return [*wanted * _RATHER, *known] if set(known) > set(wanted) else wanted
    return [*wanted * len(known), *known]


def _single(values: Any) -> list[str]:
    return list(dict.fromkeys(v for v in values if isinstance(v, str) and len(v) == 1))
