"""Looking something up: a key in a message, and a part of a message in a table.

A table that is indexed with a part of a message is a dispatch table: its keys are what the
part may be, and what is found there is reached only by a message that says so.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pytest_routes.generate.vocabulary.mappings import KeyOf, Listed, listed_entry
from pytest_routes.generate.vocabulary.objects import plain
from pytest_routes.generate.vocabulary.single import by_name
from pytest_routes.generate.vocabulary.templates import Template, undone
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Computed,
    Display,
    Event,
    Guarded,
    Instance,
    Live,
    Matched,
    Params,
    Part,
    ScopeDict,
    Subprotocols,
    Table,
    Value,
    constants,
    is_changing,
    keys_of,
    merged,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term

_MOST_ENTRIES = 500
_FRAMES: tuple[Literal["text", "bytes"], ...] = ("text", "bytes")
_GENERIC = frozenset({"builtins", "typing", "collections.abc", "types"})


def entry(reader: Reader, atom: Atom, key: Value) -> Value:
    """What `atom[key]` stands for."""
    if isinstance(atom, Part):
        return item_of_message(reader, atom.term, key)
    if isinstance(atom, Event):
        return event_entry(reader, atom, constants(key))
    if isinstance(atom, ScopeDict):
        return reader.kept.entry(constants(key))
    if isinstance(atom, Params):
        return parameters_of(reader, atom, constants(key))
    if isinstance(atom, Guarded):
        return tuple(Guarded(atom.condition, a) for a in entry(reader, atom.value, key))
    if isinstance(atom, Live):
        return _live_entry(reader, atom.object, key)
    if isinstance(atom, Listed):
        return listed_entry(reader, atom, key)
    if isinstance(atom, Matched):
        return groups_of(reader, atom, constants(key))
    if isinstance(atom, Table):
        entries = [(known, v) for known, v in atom.entries if not is_changing(known)]
        items = [(k, v) for known, v in entries for k in keys_of(known) if k is not None]
        if atom.hidden:
            note_lookup(key)
        return merged([_dispatched(reader, key, items), atom.unnamed])
    if isinstance(atom, Instance):
        return merged(atom.attributes.get(k, ()) for k in constants(key) if isinstance(k, str))
    if isinstance(atom, Display):
        if is_changing(key):
            return merged(atom.items)
        position = next((k for k in constants(key) if isinstance(k, int)), None)
        if position is not None and -len(atom.items) <= position < len(atom.items):
            return atom.items[position]
        _note_index(key, len(atom.items))
    return ()


def groups_of(reader: Reader, matched: Matched, names: Iterable[Any]) -> Value:
    """The parts of a text that the groups of a regular expression match."""
    found = []
    known = _groups(matched.term.key)
    for group in names:
        if isinstance(group, (int, str)) and group in known:
            found.append(reader.read(matched.term.child("group", group)))
    return tuple(found)


@lru_cache(maxsize=512)
def _groups(pattern: str | bytes) -> frozenset[int | str]:
    """The numbers and names of the groups that a regular expression has."""
    try:
        compiled = re.compile(pattern)
    except re.error:
        return frozenset()
    return frozenset((*range(1, compiled.groups + 1), *compiled.groupindex))


_IN_SCOPE: dict[Any, Value] = {
    "subprotocols": (Subprotocols(),),
    "query_string": (Params("query", listed=True),),
    "path_params": (Params("path"),),
    "headers": (Params("header"),),
}


def scope_entry(keys: Iterable[Any]) -> Value:
    """What the connection scope has under the keys."""
    return merged(_IN_SCOPE.get(key, ()) for key in keys)


def parameters_of(reader: Reader, atom: Params, names: Iterable[Any]) -> Value:
    """The values of parameters of the handshake."""
    found: list[Atom] = []
    for name in names:
        if isinstance(name, bytes):
            name = name.decode("latin-1")
        if not isinstance(name, str):
            continue
        if name.lower() == "sec-websocket-protocol":
            found.append(Subprotocols())
            continue
        part = reader.parameter(name, atom.location)
        found.append(Display(((part,),)) if atom.listed else part)
    return tuple(found)


def _note_index(key: Value, length: int) -> None:
    """A position in something of a known length."""
    for term in parts(key):
        term.use("int")
        if length not in term.bounds:
            term.bounds.append(length)


def note_lookup(key: Value) -> None:
    """The application looks for it among what it has learned while it runs."""
    for term in parts(key):
        term.told = True


def item_of_message(reader: Reader, term: Term, key: Value) -> Value:
    """The values under the keys, or at the positions, of a part of a message."""
    found = []
    if term.role == "cursor" and term.key[1] == 1:
        term.use("int")
        return (Part(term),)
    for name in constants(key):
        if isinstance(name, str):
            term.use("dict")
            term.child("field", name).demanded = True
            found.append(reader.read(term.child("field", name)))
        elif isinstance(name, int) and not isinstance(name, bool):
            found.append(reader.read(term.child("index", name)))
    if not found and not key:
        return ()
    return tuple(found)


def event_entry(reader: Reader, event: Event, keys: Iterable[Any]) -> Value:
    """`event["text"]` or `event["bytes"]`: the message that the event carries."""
    names = list(keys)
    return tuple(Part(reader.event_site(event, frame)) for frame in _FRAMES if frame in names)


def _live_entry(reader: Reader, table: Any, key: Value) -> Value:
    if isinstance(table, dict) and type(table).__module__ in ("builtins", "collections", "types"):
        items: list[tuple[Any, Value]] = [
            (plain(k), (Live(v),)) for k, v in list(table.items())[:_MOST_ENTRIES]
        ]
        added = reader.added_to(table)
        items += added.named
        return merged([_dispatched(reader, key, items), added.unnamed])
    if isinstance(table, (list, tuple)):
        positions = constants(key)[:1] if not is_changing(key) else []
        for position in positions:
            if isinstance(position, int) and -len(table) <= position < len(table):
                return (Live(table[position]),)
        _note_index(key, len(table))
        return tuple(Live(item) for item in list(table)[:32]) if key else ()
    if isinstance(table, type) and issubclass(table, enum.Enum):
        names = table.__dict__.get("_member_map_", {})
        return _dispatched(reader, key, [(name, (Live(member),)) for name, member in names.items()])
    return _generic(table, key)


def _generic(alias: Any, key: Value) -> Value:
    """`list[Model]`, `Union[A, B]`: a type written down in the source."""
    if getattr(alias, "__module__", None) not in _GENERIC or not key:
        return ()
    arguments: list[Any] = []
    for atom in key:
        if isinstance(atom, Live):
            arguments.append(atom.object)
        elif isinstance(atom, Display):
            arguments.extend(a.object for item in atom.items for a in item if isinstance(a, Live))
    try:
        return (Live(alias[tuple(arguments) if len(arguments) > 1 else arguments[0]]),)
    except (TypeError, IndexError):
        return ()


def _dispatched(reader: Reader, key: Value, items: list[tuple[Any, Value]]) -> Value:
    terms = parts(key)
    template = next((atom for atom in key if isinstance(atom, Template)), None)
    if template is not None:
        items, terms = list(undone(template, items)), [template.term]
    computed = next((atom for atom in key if isinstance(atom, Computed)), None)
    if computed is not None:
        items = [(computed.undo(k), v) for k, v in items if isinstance(k, int)]
        terms = [computed.term]
    if not terms and any(isinstance(atom, Display) for atom in key):
        return merged(note_combination(reader, key, items))
    if not terms and any(isinstance(atom, KeyOf) for atom in key):
        return by_name(reader, key, items)
    if not terms:
        known = () if is_changing(key) else constants(key)
        return merged(value for k, value in items if not known or k in known)
    if not items:
        note_lookup(key)
    term = terms[0]
    names = [k for k, _ in items if k is None or isinstance(k, (str, bytes, int, float))]
    term.compare("is", names)
    return tuple(
        Guarded(Condition(term, "is", (k,)), atom)
        for k, value in items
        if k in names
        for atom in value
    )


def note_combination(reader: Reader, key: Value, items: list[tuple[Any, Value]]) -> list[Value]:
    """A table whose keys are tuples: a state and a command, say."""
    found: dict[Term, dict[Any, None]] = {}
    for atom in key:
        if not isinstance(atom, Display):
            continue
        for position, item in enumerate(atom.items):
            for term in parts(item):
                for known, _ in items:
                    if isinstance(known, tuple) and len(known) == len(atom.items):
                        found.setdefault(term, {})[plain(known[position])] = None
    for term, values in found.items():
        names = [v for v in values if v is None or isinstance(v, (str, bytes, int, float))]
        term.compare("is", names)
        for name in names:
            reader.note_branch(term.root, Condition(term, "is", (name,)))
    return [value for _, value in items]


def named_attributes(thing: Atom, template: Template) -> dict[str, str]:
    """The methods of an object that have such names, by what the part of the message is then:
    `getattr(self, f"on_{name}")`."""
    found = ((template.undo(name), name) for name in attribute_names(thing))
    return {said: name for said, name in found if said and not name.startswith("__")}


def attribute_names(thing: Atom) -> list[str]:
    """Those of an object and of its classes."""
    owner: Any = thing.cls if isinstance(thing, Instance) else getattr(thing, "object", None)
    if owner is None:
        return []
    names: dict[str, Any] = dict({} if isinstance(owner, type) else getattr(owner, "__dict__", {}))
    for cls in reversed((owner if isinstance(owner, type) else type(owner)).__mro__):
        names.update(cls.__dict__)
    return list(names)
