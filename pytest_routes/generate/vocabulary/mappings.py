"""Names and values that a text holds, or that the source goes through one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.guarded import zipped_each
from pytest_routes.generate.vocabulary.separators import between
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import (
    Changing,
    Display,
    Live,
    Params,
    Part,
    Table,
    Value,
    View,
    constants,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term


@dataclass(frozen=True, slots=True)
class KeyOf:
    """The name of any member of a part of a message, as a loop over its items sees it."""

    term: Term


@dataclass(frozen=True, slots=True)
class Listed:
    """Names that stand for lists of values each, as `urllib.parse.parse_qs` says them."""

    term: Term


def query(reader: Reader, arguments: Arguments, name: str) -> Value:
    """`parse_qs(text)`, `parse_qsl(text)`: names and values, percent-encoded."""
    found: list[Any] = []
    for atom in arguments.named("qs", 0):
        if isinstance(atom, Params):
            found.append(Params(atom.location) if name.endswith("parse_qsl") else atom)
        elif isinstance(atom, Part):
            atom.term.use("str")
            inner = reader.read(atom.term.child("query")).term
            listed = not name.endswith("parse_qsl")
            found.append(Listed(inner) if listed else View(inner, "items"))
    return tuple(found)


def of_listed(reader: Reader, atom: Listed, name: str, arguments: Arguments) -> Value | None:
    """What a method of the result of `parse_qs` returns."""
    if name in ("get", "pop", "setdefault"):
        found = listed_entry(reader, atom, arguments.named("key", 0), optional=name != "pop")
        return (*found, *arguments.named("default", 1))
    if name in ("items", "values"):
        return (View(atom.term, f"listed {name}"),)
    return (View(atom.term, "keys"),) if name == "keys" else ()


def listed_entry(reader: Reader, atom: Listed, key: Value, *, optional: bool = False) -> Value:
    """The list of values under a name."""
    found = []
    for name in constants(key):
        if isinstance(name, str):
            atom.term.use("dict")
            child = atom.term.child("field", name)
            child.optional = child.optional or optional
            found.append(Display(((reader.read(child),),)))
    return tuple(found)


def joined_again(reader: Reader, separator: Any, pieces: Value) -> Value:
    """`" ".join(words[1:])`: a text that was split at the same separator, or the end of it."""
    found: list[Part] = []
    for term in parts(pieces):
        whole = term if term.role == "split" else term.parent
        if whole is None or whole.role != "split" or whole.key != separator:
            continue
        if term is whole and term.parent is not None:
            found.append(Part(term.parent))
        elif term.role == "slice" and term.key[1] is None:
            rest = reader.read(term.child("tail", separator))
            rest.term.use("str")
            found.append(rest)
    return tuple(found)


def of_key(reader: Reader, atom: KeyOf, name: str, arguments: Arguments) -> Value | None:  # noqa: ARG001
    """A name stays a name, in whatever letters."""
    return (atom,) if name in ("strip", "lower", "upper", "casefold", "replace") else ()


def seen(reader: Reader, view: View) -> Value:
    """What one turn of a loop over names and values sees."""
    if view.what == "keys":
        return (KeyOf(view.term),)
    item: Value = (reader.read(view.term.child("item")),)
    if view.what.startswith("listed"):
        item = (Display((item,)),)
    return item if view.what.endswith("values") else (Display(((KeyOf(view.term),), item)),)


def names_asked(reader: Reader, name: Value, known: list[Any]) -> list[Condition]:
    """What it asks of a message that one of its names is one of those."""
    found = []
    for term in (atom.term for atom in name if isinstance(atom, KeyOf)):
        for each in known:
            if isinstance(each, str):
                child = term.child("field", each)
                child.optional = True
                reader.read(child)
                found.append(Condition(child, "present"))
    return found if len(found) == 1 else []


def _named(key: Value) -> Iterator[Term]:
    """The parts of a message of which the key is a name."""
    for atom in key:
        if isinstance(atom, KeyOf):
            yield atom.term
        elif isinstance(atom, Part) and atom.term.role == "group":
            found = atom.term.parent
            if found is not None and found.role == "found":
                yield found.child("pairs", (atom.term.key, None))


def members_named(key: Value) -> Iterator[Term]:
    """The members of a message, of which the key is a name."""
    for term in parts(key):
        members = None if term.parent is None else members_of(term.parent, term.key)
        if members is not None:
            yield members
    yield from _named(key)


def members_of(pair: Term, name: object = 0) -> Term | None:
    """The members of the text that was split into pairs, one of which is split here; `name` is
    the place of the name in it."""
    item = pair.parent
    pieces = item.parent if item is not None else None
    separator = between(pair, name)
    if item is None or pieces is None or separator is None:
        return None
    if pieces.role == "slice":
        pieces = pieces.parent
        if pieces is not None and pieces.role == "split":
            return pieces.child("pairs", (None, separator))
    if pieces is None or pieces.role != "split":
        return None
    if pieces.of("index"):
        # What stands before the pairs (the name of a command) has a place of its own.
        return pieces.child("pairs", (None, separator))
    text = pieces.parent
    return None if text is None else text.child("pairs", (pieces.key, separator))


def rows(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`csv.reader([line])`, `csv.reader(text.splitlines())`: the cells of each line."""
    separator = next((c for c in constants(arguments.named("delimiter")) if c), ",")
    found = []
    for atom in arguments.named("", 0):
        lines: list[Term] = []
        if isinstance(atom, Display):
            lines = [term for item in atom.items for term in parts(item)]
        elif isinstance(atom, Part):
            lines = [reader.read(atom.term.child("item")).term]
        for line in lines:
            line.use("str")
            found.append(Part(line.child("split", separator)))
    return (Display(tuple((part,) for part in found)),) if found else ()


def zipped(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`zip(NAMES, text.split(","))`: each piece with its name."""
    for term in parts(arguments.named("", 1)):
        names = _columns(arguments.named("", 0))
        if term.role == "split":
            pairs = [
                Display(((Live(each),), (reader.read(term.child("index", n)),)))
                for n, each in enumerate(names)
            ]
            if pairs:
                return (Display(tuple((pair,) for pair in pairs)),)
    return zipped_each(reader, arguments.named("", 0), arguments.named("", 1))


def _columns(value: Value) -> list[str]:
    """The names, or those with which a line was compared that the application has kept."""
    kept = [a.said for a in value if isinstance(a, Changing) and a.said is not None]
    known = [*constants(value), *(each for term in kept for each in term.values)]
    return [each for each in known if isinstance(each, str)]


def table_of_pairs(value: Value) -> Value:
    """`dict(zip(NAMES, pieces))`."""
    for atom in value:
        rows = [item[0] for item in atom.items if item] if isinstance(atom, Display) else []
        pairs = [row.items for row in rows if isinstance(row, Display) and len(row.items) == 2]
        if len(pairs) > 1 and all(constants(name) for name, _ in pairs):
            return (Table(tuple((name, each) for name, each in pairs)),)
    return ()
