"""The words of a vocabulary, for reports that tell which of them were said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.terms import Vocabulary


def texts_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Keys that the source reads and texts that it compares with, in the order of the source."""
    found: dict[Any, None] = {}
    for site in vocabulary.sites:
        for term in site.term.walk():
            found |= dict.fromkeys([term.key, *term.values])
    found |= dict.fromkeys([*vocabulary.keys, *vocabulary.words])
    return tuple(text for text in found if isinstance(text, str) and text.strip())
