"""How the arguments of a call become the names of the function that is read."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, get_origin

from pytest_routes.generate.vocabulary.guarded import chosen
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Display,
    Instance,
    Live,
    Receive,
    Scope,
    ScopeDict,
    Socket,
    Table,
    Value,
    constants,
    merged,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_routes.generate.vocabulary.reader import Reader

SOCKET_NAMES = frozenset({"websocket", "ws", "socket", "sock", "request"})
SOCKET_TYPES = ("WebSocket", "WebSocketConnection", "HTTPConnection", "Request")
USES = {
    "int": ("int",),
    "float": ("float",),
    "str": ("str",),
    "bool": ("bool",),
    "bytes": ("bytes",),
    "list": ("list",),
    "dict": ("dict",),
    "set": ("list",),
    "tuple": ("list",),
}


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call, as far as the source tells them."""

    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    star: Value = ()
    """What is spread over the positions that are left (`*args`)."""
    double_star: Value = ()
    """What is spread over the names that are left (`**kwargs`)."""
    dumped: bool = False
    """That is what an object of a declared class holds (`**other.model_dump()`)."""

    def after(self, *first: Value) -> Arguments:
        return replace(self, positional=(*first, *self.positional))

    def atoms(self) -> Iterator[Atom]:
        for value in (*self.positional, *(v for _, v in self.keywords), self.star):
            yield from value

    def named(self, name: str, position: int | None = None) -> Value:
        """One argument by its name, or by its position."""
        for key, value in self.keywords:
            if key == name:
                return value
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return ()

    def identity(self) -> Any:
        """Equal for calls that say the same."""
        return (
            tuple(map(_identity, self.positional)),
            tuple((name, _identity(value)) for name, value in self.keywords),
            _identity(self.star),
            _identity(self.double_star),
        )


NO_ARGUMENTS = Arguments()


def _identity(value: Value) -> Any:
    return tuple(id(a.object) if isinstance(a, Live) else a for a in value)


@dataclass(slots=True)
class _Given:
    positional: list[Value]
    keywords: dict[str, Value] = field(default_factory=dict)


def bind(
    reader: Reader,
    tree: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    scope: Scope,
    arguments: Arguments,
    annotations: Mapping[str, Any],
) -> None:
    """Give the function's parameters their values; what a message is spread over becomes the
    keys of that message."""
    syntax = tree.args
    given = _Given(list(arguments.positional), dict(arguments.keywords))
    star = chosen(reader, arguments.star)
    if len(star) == 1 and isinstance(star[0], Display):
        given.positional.extend(star[0].items)
    ordered = [*syntax.posonlyargs, *syntax.args]
    with_default = {p.arg for p in ordered[len(ordered) - len(syntax.defaults) :]}
    defaults = dict(zip([p.arg for p in ordered][::-1], syntax.defaults[::-1], strict=False))
    for parameter, default in zip(syntax.kwonlyargs, syntax.kw_defaults, strict=True):
        if default is not None:
            with_default.add(parameter.arg)
            defaults[parameter.arg] = default
    spread = parts(star)
    spread_position = 0
    for position, parameter in enumerate([*ordered, *syntax.kwonlyargs]):
        name = parameter.arg
        if position < len(ordered) and given.positional:
            value = given.positional.pop(0)
        elif name in given.keywords:
            value = given.keywords.pop(name)
        elif position < len(ordered) and spread:
            value = tuple(reader.read(term.child("index", spread_position)) for term in spread)
            spread_position += 1
        elif arguments.double_star:
            value = _spread(reader, name, arguments.double_star, optional=name in with_default)
        else:
            value = reader.evaluate(defaults[name], scope) if name in defaults else ()
        if not value:
            value = _by_declaration(parameter, annotations) or injected(
                reader, parameter, defaults.get(name), scope
            )
        _note_annotation(reader, value, parameter, annotations)
        scope.names[name] = value
    if syntax.vararg is not None:
        rest = (Display(tuple(given.positional)),) if given.positional else arguments.star
        scope.names[syntax.vararg.arg] = rest
    if syntax.kwarg is not None:
        scope.names[syntax.kwarg.arg] = arguments.double_star
    if ordered and ordered[0].arg == "self":
        scope.instance = next(
            (a for a in scope.names["self"] if isinstance(a, Instance)), scope.instance
        )


def _spread(reader: Reader, name: str, source: Value, *, optional: bool) -> Value:
    found: list[Atom] = []
    for atom in source:
        for known, value in atom.entries if isinstance(atom, Table) else ():
            found.extend(value if name in constants(known) else ())
    for term in parts(source):
        child = term.child("field", name)
        child.optional = child.optional or optional
        found.append(reader.read(child))
    return tuple(found)


def _by_declaration(parameter: ast.arg, annotations: Mapping[str, Any]) -> Value:
    """A parameter that nobody filled: a framework will, by its annotation or its name."""
    name = type_name(parameter, annotations)
    name = name.rpartition(".")[2]
    if name in SOCKET_TYPES or (name in ("", "Any") and parameter.arg in SOCKET_NAMES):
        return (Socket(),)
    if parameter.arg == "receive":
        return (Receive(),)
    if parameter.arg == "scope":
        return (ScopeDict(),)
    return ()


def injected(reader: Reader, parameter: ast.arg, default: ast.expr | None, scope: Scope) -> Value:
    """What a framework injects: the result of `Depends(...)`, or an object of the class that
    the parameter is declared to be."""
    declared = parameter.annotation
    if isinstance(declared, ast.Constant) and isinstance(declared.value, str):
        declared = _parsed(declared.value)
    wanted = [default]
    if isinstance(declared, ast.Subscript) and ast.unparse(declared.value).endswith("Annotated"):
        inner = declared.slice.elts if isinstance(declared.slice, ast.Tuple) else []
        declared = inner[0] if inner else None
        wanted += inner[1:]
    for node in wanted:
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Depends"):
            callees = reader.evaluate(node.args[0], scope) if node.args else ()
            found = merged(reader.make(callee) for callee in callees)
            if found:
                return found
    if not isinstance(declared, (ast.Name, ast.Attribute)):
        return ()
    return merged(
        reader.make(atom)
        for atom in reader.evaluate(declared, scope)
        if isinstance(atom, Live) and isinstance(atom.object, type)
    )


def _parsed(annotation: str) -> ast.expr | None:
    try:
        return ast.parse(annotation, mode="eval").body
    except SyntaxError:
        return None


def type_name(parameter: ast.arg, annotations: Mapping[str, Any]) -> str:
    """The written name of a parameter's type; empty when it has none."""
    live = annotations.get(parameter.arg)
    if isinstance(live, type):
        return live.__name__
    origin = get_origin(live)
    if isinstance(origin, type) and origin.__module__ not in _FORMS:
        return origin.__name__  # `Socket = WebSocket[User, Token, State]`
    node = parameter.annotation
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.partition("[")[0]
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value)
    return ast.unparse(node) if node is not None else ""


_FORMS = frozenset({"typing", "types", "typing_extensions"})
"""Where what looks like a class may be a way to write types."""


def _note_annotation(
    reader: Reader, value: Value, parameter: ast.arg, annotations: Mapping[str, Any]
) -> None:
    name = type_name(parameter, annotations).rpartition(".")[2]
    for term in parts(value):
        term.use(*USES.get(name, ()))
        if parameter.arg in annotations and name not in USES:
            live = annotations[parameter.arg]
            if is_data_model(live):
                reader.declare(term, live)


def is_data_model(cls: Any) -> bool:
    """A class whose fields are declared: pydantic, msgspec, attrs, a dataclass, a TypedDict or
    a NamedTuple."""
    return isinstance(cls, type) and any(
        any(marker in owner.__dict__ for owner in cls.__mro__)
        for marker in (
            "__pydantic_fields__",
            "model_fields",
            "__dataclass_fields__",
            "__struct_fields__",
            "__attrs_attrs__",
            "__total__",
            "__orig_bases__" if tuple in cls.__mro__ else "_fields",
        )
    )
