"""What calling a method of a message, or of something made from one, says about it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.coroutines import Suspended, of_suspended
from pytest_routes.generate.vocabulary.dispatch import (
    event_entry,
    groups_of,
    parameters_of,
)
from pytest_routes.generate.vocabulary.letters import of_letters
from pytest_routes.generate.vocabulary.mappings import KeyOf, Listed, of_key, of_listed, seen
from pytest_routes.generate.vocabulary.nested import wrapped
from pytest_routes.generate.vocabulary.values import (
    Channel,
    Decoder,
    Display,
    Event,
    Live,
    Matched,
    Params,
    Part,
    ScopeDict,
    Subprotocols,
    Table,
    Value,
    View,
    constants,
    parts,
)
from pytest_routes.generate.vocabulary.waiting import of_channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term

# Methods that turn a message into a declared type, and what they parse.
CONVERSIONS: dict[str, str | None] = {
    "model_validate_json": "json",
    "model_validate": None,
    "model_validate_strings": None,
    "parse_raw": "json",
    "parse_obj": None,
    "validate_json": "json",
    "validate_python": None,
    "validate_strings": None,
    "decode": None,
    "from_json": "json",
    "from_dict": None,
}

_KEPT = frozenset({
    "strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "capitalize", "swapcase",
    "encode", "decode", "replace", "expandtabs", "removesuffix", "format", "zfill", "ljust",
    "copy", "tobytes", "translate",
})  # fmt: skip
# What a text is said to be made of.
_CHARACTERS = {
    "isdigit": "digits",
    "isdecimal": "digits",
    "isnumeric": "digits",
    "isalpha": "letters",
    "isalnum": "letters",
    "isidentifier": "letters",
}
_FOLDS = frozenset({"lower", "upper", "casefold", "capitalize", "title"})
"""After which texts are the same that differ in case."""
_OF_LISTS = frozenset({"append", "extend", "sort", "reverse", "insert"})
_OF_MODELS = frozenset({"model_dump", "dict", "_asdict", "model_copy", "as_dict"})


def is_dump(node: ast.expr) -> bool:
    """The members of an object that a message was turned into before."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _OF_MODELS
    )


_VIEWS = frozenset({"keys", "values", "items"})


def converted(reader: Reader, decoder: Decoder, arguments: Arguments) -> Value:
    """The declared type that the first message among the arguments is turned into."""
    for value in (*arguments.positional, *(v for _, v in arguments.keywords)):
        for term in parts(value):
            inner = _behind(reader, term, decoder.codec)
            if decoder.annotation is None:
                return (Part(inner),)
            return (reader.declare(inner, decoder.annotation),)
    return wrapped(reader, decoder.annotation, arguments) if decoder.codec is None else ()


def _behind(reader: Reader, term: Term, codec: str | None) -> Term:
    """What a codec finds in a value."""
    if codec is None or (term.role == "message" and term.key == "json" and codec == "json"):
        return term
    inner = term.child(codec)  # type: ignore[arg-type]
    reader.read(inner)
    return inner


def decoded(reader: Reader, value: Value, codec: str) -> Value:
    """What `json.loads` and the like find in a message."""
    return tuple(Part(_behind(reader, term, codec)) for term in parts(value))


def _of_part(reader: Reader, atom: Part, name: str, arguments: Arguments) -> Value | None:
    term = atom.term
    known = _PART_METHODS.get(name)
    if known is not None:
        return known(reader, term, name, arguments)
    if name in _KEPT:
        text = name not in ("copy", "decode", "tobytes")
        term.use(*(("bytes",) if name == "decode" and term.role != "message" else ()))
        if text and not term.uses and term.role != "message":
            term.use("str")
        if name in _FOLDS and term.role != "message":
            term.use("folded")
        return (atom,)
    if name in _CHARACTERS:
        term.use(_CHARACTERS[name])
        return (atom,)
    if name in _OF_LISTS:
        term.use("list")
        return ()
    if name == "popitem":
        term.use("dict")
        return seen(reader, View(term, "items"))
    if name in _VIEWS:
        term.use("dict")
        return (View(term, name),)
    if name in _OF_MODELS and "model" in term.uses:
        return (atom,)
    return ()


def _get(reader: Reader, term: Term, name: str, arguments: Arguments) -> Value:
    found: list[Part] = []
    default = arguments.named("default", 1)
    for key in constants(arguments.named("key", 0)):
        if isinstance(key, int):
            found.append(reader.read(term.child("item")))
            continue
        if not isinstance(key, str):
            continue
        term.use("dict")
        child = term.child("field", key)
        child.optional = child.optional or name != "pop" or bool(default)
        for value in default:
            if isinstance(value, Live) and value.object is not None:
                child.use(type(value.object).__name__)
        found.append(reader.read(child))
    return tuple(found)


def _split(reader: Reader, term: Term, name: str, arguments: Arguments) -> Value:
    wanted = [s for s in constants(arguments.named("sep", 0)) if isinstance(s, (str, bytes))]
    separator = "\n" if name == "splitlines" else (wanted[0] if wanted else " ")
    term.use("bytes" if isinstance(separator, bytes) else "str")
    pieces = term.child("split", separator)
    if "partition" in name:
        first = reader.read(pieces.child("index", 0))
        rest = reader.read(pieces.child("index", 1))
        return (Display(((first,), (), (rest,))),)
    return (Part(pieces),)


def _affix(reader: Reader, term: Term, name: str, arguments: Arguments) -> Value:  # noqa: ARG001
    texts = constants(arguments.named("prefix", 0))
    term.compare("prefix" if name == "startswith" else "suffix", texts)
    return ()


def _remove_prefix(reader: Reader, term: Term, name: str, arguments: Arguments) -> Value:  # noqa: ARG001
    for prefix in constants(arguments.named("prefix", 0)):
        if isinstance(prefix, (str, bytes)):
            term.compare("prefix", [prefix])
            return (reader.read(term.child("tail", prefix)),)
    return (Part(term),)


def _find(reader: Reader, term: Term, name: str, arguments: Arguments) -> Value:  # noqa: ARG001
    texts = [v for v in constants(arguments.named("sub", 0)) if isinstance(v, (str, bytes))]
    term.compare("infix", texts)
    return ()


_PART_METHODS: dict[str, Callable[[Reader, Term, str, Arguments], Value]] = {
    "get": _get,
    "pop": _get,
    "setdefault": _get,
    "split": _split,
    "rsplit": _split,
    "splitlines": _split,
    "partition": _split,
    "rpartition": _split,
    "startswith": _affix,
    "endswith": _affix,
    "removeprefix": _remove_prefix,
    "find": _find,
    "rfind": _find,
    "index": _find,
    "count": _find,
}


def _of_event(reader: Reader, atom: Event, name: str, arguments: Arguments) -> Value | None:
    return event_entry(reader, atom, constants(arguments.named("key", 0))) if name == "get" else ()


def _of_scope(reader: Reader, atom: ScopeDict, name: str, arguments: Arguments) -> Value | None:  # noqa: ARG001
    return reader.kept.entry(constants(arguments.named("key", 0))) if name == "get" else ()


def _of_params(reader: Reader, atom: Params, name: str, arguments: Arguments) -> Value | None:
    if name in ("get", "getlist", "get_all", "pop"):
        found = parameters_of(reader, atom, constants(arguments.named("key", 0)))
        if name in ("getlist", "get_all") and not atom.listed:
            return (Display((found,)),)
        return found
    return (atom,) if name in ("decode", "dict", "copy") else ()


def _of_subprotocols(
    reader: Reader,  # noqa: ARG001
    atom: Subprotocols,
    name: str,  # noqa: ARG001
    arguments: Arguments,  # noqa: ARG001
) -> Value | None:
    return (atom,)


def _of_match(reader: Reader, atom: Matched, name: str, arguments: Arguments) -> Value | None:
    try:
        pattern = re.compile(atom.term.key)
    except re.error:
        return ()
    if name == "groups":
        return (Display(tuple(groups_of(reader, atom, [n + 1]) for n in range(pattern.groups))),)
    if name == "groupdict":
        names = pattern.groupindex
        return (Table(tuple(((Live(n),), groups_of(reader, atom, [n])) for n in names)),)
    if name != "group":
        return ()
    found = [groups_of(reader, atom, constants(each)) for each in arguments.positional]
    return found[0] if len(found) == 1 else (Display(tuple(found)),)


def _of_view(reader: Reader, atom: View, name: str, arguments: Arguments) -> Value | None:
    return of_letters(reader, atom, name, arguments.named("", 0)) if atom.what == "letters" else ()


def _of_decoder(reader: Reader, atom: Decoder, name: str, arguments: Arguments) -> Value | None:
    codec = CONVERSIONS.get(name) or (atom.codec if name == "decode" else None)
    return converted(reader, Decoder(atom.annotation, codec), arguments)


METHODS: dict[type[Any], Callable[[Reader, Any, str, Arguments], Value | None]] = {
    Part: _of_part,
    Event: _of_event,
    ScopeDict: _of_scope,
    Params: _of_params,
    Subprotocols: _of_subprotocols,
    Matched: _of_match,
    View: _of_view,
    Decoder: _of_decoder,
    KeyOf: of_key,
    Listed: of_listed,
    Channel: of_channel,
    Suspended: of_suspended,
}
