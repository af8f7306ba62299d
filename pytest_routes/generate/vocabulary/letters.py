"""The characters of a text, one by one: which there may be, and which mean something.

`for c in text: if c == "(": ...`, `all(c in "ACGT" for c in text)`, `set(text) - ALLOWED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import (
    Live,
    Part,
    Value,
    Verdict,
    View,
    constants,
    is_changing,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term

_TEXTS = frozenset({"tail", "group"})
_PIECES = frozenset({"index", "item"})
_OTHER_USES = frozenset({"list", "dict", "bytes", "model"})


def is_text(term: Term) -> bool:
    """The source takes the value for a text, and for nothing else."""
    if term.role == "message":
        return term.key == "text" and not term.uses.keys() & _OTHER_USES
    if term.role in _TEXTS:
        return isinstance(term.key, str)
    if term.role in _PIECES and term.parent is not None and term.parent.role == "split":
        return isinstance(term.parent.key, str) and not term.uses.keys() & _OTHER_USES
    return "str" in term.uses and not term.uses.keys() & _OTHER_USES


def each_of(reader: Reader, term: Term) -> Part:
    """Any character of a text."""
    return reader.read(term.child("letter"))


def at_moving(reader: Reader, term: Term, key: Value) -> Value:
    """`text[self.position]`: any character, where the position is counted up."""
    if not is_text(term) or (constants(key) and not is_changing(key)):
        return ()
    return (each_of(reader, term),)


def as_set(term: Term) -> Part | View:
    """`set(text)`."""
    return View(term, "letters") if is_text(term) else Part(term)


def spelled(value: Value) -> list[str]:
    """The characters that a text or a set of characters holds."""
    texts = [c for c in constants(value) if isinstance(c, str)]
    return list(dict.fromkeys(letter for text in texts for letter in text))


def only(reader: Reader, term: Term, allowed: Value) -> list[Condition]:
    """What it asks of a text that it has no other characters than these."""
    letters = spelled(allowed)
    if not letters:
        return []
    each = each_of(reader, term).term
    each.compare("is", letters)
    return [Condition(each, "is", tuple(letters))]


def in_text(left: Value, right: Value) -> tuple[Term, list[str]] | None:
    """`letter in "ACGT"`: a character, or an item of what may be a text, and the characters."""
    texts = [atom.object for atom in right if isinstance(atom, Live)]
    if not texts or len(texts) < len(right) or any(type(text) is not str for text in texts):
        return None
    for atom in left:
        if isinstance(atom, Part) and atom.term.role in ("letter", "item"):
            return atom.term, spelled(right)
    return None


def within(reader: Reader, left: Value, right: Value) -> list[Condition]:
    """`set(text) <= ALLOWED`."""
    terms = [atom.term for atom in left if isinstance(atom, View) and atom.what == "letters"]
    return only(reader, terms[0], right) if terms else []


def without(reader: Reader, left: Value, right: Value) -> Value:
    """`set(text) - ALLOWED`: nothing is left when there is no other character."""
    return judged(within(reader, left, right), when=False)


def judged(conditions: list[Condition], *, when: bool) -> Value:
    """A verdict that is true, or false, when the conditions hold."""
    if not conditions:
        return ()
    opposite = tuple(c.negated() for c in conditions)
    return (Verdict(tuple(conditions), opposite) if when else Verdict(opposite, tuple(conditions)),)


def of_letters(reader: Reader, view: View, name: str, other: Value) -> Value:
    """A method of the set of the characters of a text."""
    conditions = only(reader, view.term, other) if name in _METHODS else []
    return judged(conditions, when=_METHODS.get(name, True))


_METHODS = {"issubset": True, "difference": False}


def holds_all(reader: Reader, thing: Any, other: Value) -> Value:
    """`ALLOWED.issuperset(text)`."""
    for atom in other:
        if isinstance(atom, View) and atom.what == "letters":
            return judged(only(reader, atom.term, (Live(thing),)), when=True)
        if isinstance(atom, Part) and is_text(atom.term):
            return judged(only(reader, atom.term, (Live(thing),)), when=True)
    return ()
