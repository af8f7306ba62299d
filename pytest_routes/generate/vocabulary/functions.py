"""What the functions of the standard library, and of well-known libraries, do with a message.

They are known by name; their source is never read.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.inspected import members_of as members_of_object
from pytest_routes.generate.vocabulary.inspected import names_of
from pytest_routes.generate.vocabulary.layouts import made
from pytest_routes.generate.vocabulary.letters import as_set
from pytest_routes.generate.vocabulary.mappings import (
    members_of,
    query,
    rows,
    table_of_pairs,
    zipped,
)
from pytest_routes.generate.vocabulary.methods import converted, decoded
from pytest_routes.generate.vocabulary.packed import from_bytes, unpacked
from pytest_routes.generate.vocabulary.parameters import Arguments
from pytest_routes.generate.vocabulary.partials import partially
from pytest_routes.generate.vocabulary.programs import PROGRAMS
from pytest_routes.generate.vocabulary.searches import each_found, matched, split_by
from pytest_routes.generate.vocabulary.unpacking import iterated
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Bound,
    Decoder,
    Display,
    Guarded,
    Length,
    Live,
    Params,
    Part,
    Subprotocols,
    Table,
    TypeOf,
    Value,
    View,
    constants,
    merged,
    parts,
)
from pytest_routes.generate.vocabulary.waiting import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.reader import Reader

_COMPILED = frozenset({"cython_function_or_method", "cyfunction"})
_DESCRIPTORS = (type(dict.__dict__["fromkeys"]), type(str.join), type(object.__init__))


def qualified_names(thing: Any) -> tuple[str, ...]:
    """The names under which a function or class may be listed in `FUNCTIONS`."""
    if isinstance(thing, (staticmethod, classmethod, MethodType)):
        thing = thing.__func__
    known = isinstance(thing, (FunctionType, BuiltinFunctionType, type, *_DESCRIPTORS))
    if not known and type(thing).__name__ not in _COMPILED:
        return ()
    name = getattr(thing, "__qualname__", "")
    module = getattr(thing, "__module__", None) or ""
    module = module if isinstance(module, str) else ""
    return (f"{module}.{name}", f"{module.partition('.')[0]}.{name}", name)


def _use(*names: str) -> Callable[[Reader, Arguments, str], Value]:
    """The argument is expected to be of a type, and keeps its meaning."""

    def noted(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
        value = arguments.named("", 0)
        for term in parts(value):
            term.use(*names)
        return value

    return noted


def _kept(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return arguments.named("", 0)


def _one_of(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`max(first, second)`: any of them, or an item of the only one."""
    return merged(value for value in arguments.positional if value)


def _codec(codec: str) -> Callable[[Reader, Arguments, str], Value]:
    def loads(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
        source = arguments.named("", 0) or arguments.named("obj") or arguments.named("data")
        return _as_types(reader, arguments.named("type"), source, codec) or decoded(
            reader, source, codec
        )

    return loads


def _convert(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`msgspec.convert(data, T)`, `cattrs.structure(data, T)`."""
    source = arguments.named("", 0) or arguments.named("obj")
    return _as_types(reader, arguments.named("type", 1), source, None)


def _as_types(reader: Reader, wanted: Value, source: Value, codec: str | None) -> Value:
    """What a message is converted to: a type, or those that a table has for its commands."""
    found: list[Value] = []
    for atom in wanted:
        if isinstance(atom, Guarded):
            with reader.under((atom.condition,)):
                found.append(_as_types(reader, (atom.value,), source, codec))
        elif isinstance(atom, Live) and atom.object in _UNDECLARED:
            value = decoded(reader, source, codec) if codec is not None else source
            found.append(_use(atom.object.__name__)(reader, Arguments((value,)), ""))
        elif isinstance(atom, Live):
            found.append(converted(reader, Decoder(atom.object, codec), Arguments((source,))))
    return merged(found)


_UNDECLARED = (dict, list)
"""Types that say no more than what the value is."""


def _decoder(codec: str | None) -> Callable[[Reader, Arguments, str], Value]:
    def made(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
        for atom in arguments.named("type", 0):
            if isinstance(atom, Live):
                return (Decoder(atom.object, codec),)
        return (Decoder(None, codec),)

    return made


def _length(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    found: list[Atom] = []
    for atom in arguments.named("", 0):
        if isinstance(atom, Part):
            found.append(Length(atom.term))
        elif isinstance(atom, Live) and type(atom.object) in _SIZED:
            found.append(Live(len(atom.object)))
    return tuple(found)


_SIZED = frozenset({str, bytes, list, tuple, dict, set, frozenset})


def _ord(reader: Reader, arguments: Arguments, name: str) -> Value:
    known = [c for c in constants(arguments.named("", 0)) if isinstance(c, (str, bytes))]
    if known and not parts(arguments.named("", 0)):
        return tuple(Live(ord(c)) for c in known if len(c) == 1)
    return _use("str")(reader, arguments, name)


def _type(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return tuple(TypeOf(term) for term in parts(arguments.named("", 0)))


def _enumerate(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return tuple(View(term, "enumerate") for term in parts(arguments.named("", 0)))


def _map(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    from pytest_routes.generate.vocabulary.callees import call

    items = iterated(reader, arguments.named("", 1))
    results: list[Value] = []
    for function in arguments.named("", 0):
        if isinstance(function, (Live, Bound)):
            results.append(call(reader, function, Arguments((items,)), _NO_NODE))
    whole = arguments.named("", 1)
    return whole if parts(whole) else (Display(tuple(results)),)


_NO_NODE: Any = None


def _range(reader: Reader, arguments: Arguments, name: str) -> Value:
    ends = [[c for c in constants(value) if isinstance(c, int)] for value in arguments.positional]
    if ends and all(ends):
        try:
            return (Live(range(*(each[0] for each in ends))),)
        except (TypeError, ValueError):
            return ()
    for position in range(len(arguments.positional)):
        _use("int")(reader, Arguments(arguments.positional[position:]), name)
    return ()


def _base64(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return decoded(reader, arguments.named("", 0), "base64")


def _dict(reader: Reader, arguments: Arguments, name: str) -> Value:
    """`dict(pair.split("=") for pair in text.split("&"))` is a text of names and values."""
    if arguments.keywords and not arguments.positional:
        return (Table(tuple(((Live(name),), value) for name, value in arguments.keywords)),)
    if any(isinstance(atom, Params) for atom in arguments.named("", 0)):
        return arguments.named("", 0)
    table = table_of_pairs(arguments.named("", 0))
    if table:
        return table
    for atom in arguments.named("", 0):
        if isinstance(atom, View) and atom.what == "items":
            return (Part(atom.term),)
        for item in atom.items if isinstance(atom, Display) else ():
            for term in parts(item):
                members = members_of(term)
                if members is not None:
                    return (reader.read(members),)
    return _use("dict")(reader, arguments, name)


def _set(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    value = arguments.named("", 0)
    if any(isinstance(atom, Subprotocols) for atom in value):
        return value
    return tuple(
        View(atom.term, "keys") if isinstance(atom, Part) and "dict" in atom.term.uses
        else as_set(atom.term) if isinstance(atom, Part) and name.endswith("set")
        else atom
        for atom in value
    ) if name.endswith(("set", "list", "tuple")) else value  # fmt: skip


def _next(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    return iterated(reader, arguments.named("", 0))


def _words(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    found = []
    for term in parts(arguments.named("s", 0)):
        term.use("str")
        found.append(Part(term.child("split", " ")))
    return tuple(found)


FUNCTIONS: dict[str, Callable[[Reader, Arguments, str], Value]] = {
    **WAITING,
    **PROGRAMS,
    "builtins.int": _use("int"),
    "builtins.float": _use("float"),
    "builtins.str": _kept,
    "builtins.bool": _kept,
    "builtins.bytes": _kept,
    "builtins.bytearray": _kept,
    "builtins.memoryview": _kept,
    "builtins.dict": _dict,
    "builtins.list": _set,
    "builtins.tuple": _set,
    "builtins.set": _set,
    "builtins.frozenset": _set,
    "builtins.sorted": _use("list"),
    "builtins.reversed": _use("list"),
    "builtins.iter": _kept,
    "builtins.sum": _use("list"),
    "builtins.max": _one_of,
    "builtins.min": _one_of,
    "builtins.abs": _use("int"),
    "builtins.round": _use("float"),
    "builtins.range": _range,
    "builtins.chr": _use("int"),
    "builtins.hex": _use("int"),
    "builtins.divmod": _use("int"),
    "builtins.pow": _use("int"),
    "builtins.ord": _ord,
    "builtins.len": _length,
    "builtins.type": _type,
    "builtins.enumerate": _enumerate,
    "builtins.map": _map,
    "builtins.filter": _map,
    "bytes.fromhex": _use("hex"),
    "int.from_bytes": from_bytes,
    "_decimal.Decimal": _use("decimal"),
    "decimal.Decimal": _use("decimal"),
    "fractions.Fraction": _use("float"),
    "uuid.UUID": _use("uuid"),
    "datetime.fromisoformat": _use("date-time"),
    "date.fromisoformat": _use("date"),
    "time.fromisoformat": _use("time"),
    "datetime.fromtimestamp": _use("float"),
    "datetime.strptime": _use("date-time"),
    "asyncio.sleep": _use("float"),
    "asyncio.tasks.sleep": _use("float"),
    "anyio.sleep": _use("float"),
    "ipaddress.ip_address": _use("ipv4"),
    "urllib.urlparse": _use("uri"),
    "urllib.urlsplit": _use("uri"),
    "math.sqrt": _use("float"),
    "math.log": _use("float"),
    "math.floor": _use("float"),
    "functools.partial": partially,
    "builtins.dir": names_of,
    "inspect.getmembers": members_of_object,
    "copy.deepcopy": _kept,
    "copy.copy": _kept,
    "typing.cast": lambda reader, arguments, name: arguments.named("", 1),  # noqa: ARG005
    "json.loads": _codec("json"),
    "orjson.loads": _codec("json"),
    "ujson.loads": _codec("json"),
    "rapidjson.loads": _codec("json"),
    "simplejson.loads": _codec("json"),
    "pydantic_core.from_json": _codec("json"),
    "_pydantic_core.from_json": _codec("json"),
    "json_decode": _codec("json"),
    "msgpack_decode": _codec("msgpack"),
    "msgpack.unpackb": _codec("msgpack"),
    "unpackb": _codec("msgpack"),
    "cbor2.loads": _codec("cbor"),
    "_cbor2.loads": _codec("cbor"),
    "msgspec.convert": _convert,
    "convert": _convert,
    "cattrs.structure": _convert,
    "structure": _convert,
    "pydantic.TypeAdapter": _decoder(None),
    "msgspec.json.Decoder": _decoder("json"),
    "msgspec.msgpack.Decoder": _decoder("msgpack"),
    "_struct.Struct": made,
    "struct.unpack": unpacked,
    "_struct.unpack": unpacked,
    "_struct.unpack_from": unpacked,
    "_struct.iter_unpack": unpacked,
    "shlex.split": _words,
    "_csv.reader": rows,
    "builtins.next": _next,
    "builtins.zip": zipped,
    "urllib.parse_qs": query,
    "urllib.parse_qsl": query,
    "urllib.unquote": _kept,
    "re.compile": _use("regex"),
    "re.match": matched,
    "re.search": matched,
    "re.fullmatch": matched,
    "re.findall": each_found,
    "re.finditer": each_found,
    "re.split": split_by,
    "re.sub": lambda reader, arguments, name: arguments.named("string", 2),  # noqa: ARG005
    "base64.b64decode": _base64,
    "base64.urlsafe_b64decode": _base64,
    "base64.standard_b64decode": _base64,
}
