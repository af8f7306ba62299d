"""What regular expressions find in a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.regexes import expressions, is_flags
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Display,
    Matched,
    Part,
    Value,
    View,
    parts,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Role, Term


def matched(reader: Reader, arguments: Arguments, name: str) -> Value:
    """`re.match(pattern, text)`: groups of the match stand for parts of the text."""
    found: list[Atom] = []
    for term in parts(arguments.named("", 0)):
        term.use("regex")
    # `pattern.match(text, position)`: one match after the other.
    role: Role = "group"
    flags = arguments.named("flags", _POSITION)
    if name == "match" and len(arguments.positional) > _POSITION and not is_flags(flags):
        role, flags = "tokens", ()
    for pattern in expressions(arguments.named("", 0), flags):
        for term in parts(arguments.named("", 1)):
            if role == "group":
                term.compare("pattern", [pattern])
            else:
                reader.read(term.child(role, pattern))
            found.append(Matched(term.child(role, pattern)))
    return tuple(found)


_POSITION = 2
"""Where the position stands among the arguments of `match`, behind the pattern and the text."""


def _all_found(reader: Reader, pattern: str | bytes, term: Term) -> Value:
    """`pattern.findall(text)`: names and values, or the words of a text."""
    try:
        compiled = re.compile(pattern)
    except re.error:
        return (Part(term),)
    term.use("bytes" if isinstance(pattern, bytes) else "str")
    if compiled.groups == 2:
        return (View(reader.read(term.child("found", pattern)).term, "items"),)
    if compiled.groups > 2:
        inner = reader.read(term.child("found", pattern)).term
        places = range(1, compiled.groups + 1)
        groups: list[Value] = [(reader.read(inner.child("group", n)),) for n in places]
        return (Display(((Display(tuple(groups)),),)),)
    return (Part(reader.read(term.child("found", pattern)).term),)


def each_found(reader: Reader, arguments: Arguments, name: str) -> Value:
    """`re.findall(pattern, text)`, `re.finditer(pattern, text)`."""
    found: list[Any] = []
    for pattern in expressions(arguments.named("pattern", 0)):
        for term in parts(arguments.named("string", 1)):
            if name.endswith("findall"):
                found += _all_found(reader, pattern, term)
            else:
                inner = reader.read(term.child("found", pattern)).term
                found.append(Display(((Matched(inner),),)))
    return tuple(found)


def split_by(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`re.split(pattern, text)`: the pieces between separators that match the pattern."""
    found = []
    for pattern in expressions(arguments.named("pattern", 0)):
        wanted = [s for s in _SEPARATORS if isinstance(pattern, str) and re.fullmatch(pattern, s)]
        for term in parts(arguments.named("string", 1)) if wanted else ():
            term.use("str")
            found.append(Part(term.child("split", wanted[0])))
    return tuple(found)


_SEPARATORS = (" ", ",", ", ", "\n", ";", "|", ":", "/", "\n\n", "=", "-", ".", "&")
