"""The query parameters, headers and cookies that a handler reads without declaring them.

`websocket.query_params["room"]` is all that Starlette's handlers say of what a client gives,
and many of FastAPI's and Litestar's say it so too. The source of a handler is read for such
accesses, and for what the values are compared with or converted to.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import types
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Union

from pytest_routes.routes.model import MISSING, Location, Parameter, Route
from pytest_routes.routes.secret_names import is_secret_name
from pytest_routes.routes.source import is_user_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Attributes of a connection, by what they are mappings of.
_MAPPINGS: dict[str, Location] = {
    "query_params": "query",
    "headers": "header",
    "cookies": "cookie",
}
_GETTERS = frozenset({"get", "getlist", "getall", "getone", "get_all"})
_CONVERSIONS: dict[str, Any] = {"int": int, "float": float}
# Read for logs and by proxies; the server or the client's library writes them.
OF_EVERY_CLIENT = frozenset({"user-agent", "x-forwarded-for", "x-real-ip", "authorization"})
_MOST_VALUES = 20
_DEEPEST = 3
"""Calls that are followed from a handler on: what reads the query is near."""


def with_undeclared(route: Route) -> Route:
    """The route with the parameters that its handler and its dependencies read."""
    taken = {_key(parameter) for parameter in route.parameters}
    found: dict[tuple[str, str], Parameter] = {}
    for code in _with_called([route.handler, *route.dependencies]):
        for parameter in _read_in(code):
            if _key(parameter) not in taken:
                found.setdefault(_key(parameter), parameter)
    return replace(route, parameters=(*route.parameters, *found.values())) if found else route


def _key(parameter: Parameter) -> tuple[str, str]:
    name = parameter.name.lower() if parameter.location == "header" else parameter.name
    return parameter.location, name


def shows_guess(route: Route, location: Location, name: str, value: str) -> bool:
    """Whether a client that gives this value may know it from the handler's source only.

    It may be what proves to the handler who the client is.
    """
    key = _key(Parameter(name, location))
    return any(value in each.compared for each in route.parameters if _key(each) == key)


def _with_called(codes: Sequence[Any]) -> list[Any]:
    """Handlers, and the functions of their own package that they hand something to."""
    found = [code for code in codes if code is not None and is_user_code(code)]
    level = [*found]
    for _ in range(_DEEPEST):
        called = [each for code in level for each in _called_by(code)]
        level = [each for each in dict.fromkeys(called) if each not in found]
        found += level
    return found


@lru_cache(maxsize=512)
def _called_by(code: Any) -> tuple[Any, ...]:
    tree = _tree(code)
    names = _globals(code)
    if tree is None:
        return ()
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    called = (names.get(call.func.id) for call in calls if isinstance(call.func, ast.Name))
    package = str(names.get("__name__", "")).partition(".")[0]
    return tuple(
        each
        for each in called
        if isinstance(each, types.FunctionType | type)
        and each.__module__.partition(".")[0] == package
    )


def _globals(code: Any) -> Mapping[str, Any]:
    """The names of the module that a function or class is written in."""
    return getattr(code, "__globals__", None) or vars(sys.modules.get(code.__module__, types))


def _tree(code: Any) -> ast.Module | None:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(code)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return None  # typed into a prompt, or a part of an expression


@lru_cache(maxsize=512)
def _read_in(code: Any) -> tuple[Parameter, ...]:
    tree = _tree(code)
    if tree is None:
        return ()
    accesses: dict[tuple[Location, str], _Access] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for access in _Function(function, _globals(code)).accesses():
                accesses.setdefault((access.location, access.name), access).join(access)
    return tuple(access.parameter() for access in accesses.values())


@dataclass(slots=True)
class _Access:
    location: Location
    name: str
    default: Any = MISSING
    types: list[Any] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    """What it is compared with."""
    guards: bool = False
    """Other values are turned away."""

    def join(self, other: _Access) -> None:
        self.types += [each for each in other.types if each not in self.types]
        self.values += [each for each in other.values if each not in self.values]
        self.guards = self.guards or other.guards

    def parameter(self) -> Parameter:
        named = [Literal[tuple(self.values[:_MOST_VALUES])]] if self.values else []
        return Parameter(
            name=self.name,
            location=self.location,
            annotation=Union[(*named, *self.types, str)],
            required=self.guards,
            default=self.default,
            compared=frozenset(self.values),
        )


class _Function:
    """One function: which names of it hold the mappings, and which hold values."""

    def __init__(self, function: ast.AST, names: Mapping[str, Any]) -> None:
        self._nodes = list(ast.walk(function))
        self._given = {node.arg for node in self._nodes if isinstance(node, ast.arg)}
        """What the function is given: what else has headers is no connection of a client's."""
        self._globals = names
        self._mappings: dict[str, Location] = {}
        self._values: dict[str, _Access] = {}
        self._found: list[_Access] = []

    def accesses(self) -> Iterator[_Access]:
        for target, value in self._assignments():
            location = self._mapping(value)
            if location is not None:
                self._mappings[target] = location
        for target, value in self._assignments():
            access = self._access(_unwrapped(value))
            if access is not None:
                self._values[target] = access
                self._found.append(access)
        for node in self._nodes:
            access = self._access(node)
            if access is not None:
                self._found.append(access)
        for node in self._nodes:
            self._note(node)
        yield from self._found

    def _assignments(self) -> Iterator[tuple[str, ast.expr]]:
        for node in self._nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    yield name, value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    yield name, value
                case ast.NamedExpr(target=ast.Name(id=name), value=value):
                    yield name, value

    def _mapping(self, node: ast.AST) -> Location | None:
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=attr) if owner in self._given:
                return _MAPPINGS.get(attr)
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="self")), attr=attr):
                return _MAPPINGS.get(attr)
            case ast.Name(id=name):
                return self._mappings.get(name)
        return None

    def _access(self, node: ast.AST) -> _Access | None:
        """The parameter that an expression is the value of."""
        default: Any = MISSING
        match node:
            case ast.Subscript(value=mapping, slice=key, ctx=ast.Load()):
                pass
            case ast.Call(func=ast.Attribute(value=mapping, attr=getter), args=[key, *rest]) if (
                getter in _GETTERS
            ):
                default = self._text(rest[0]) if rest else None
                default = MISSING if default is None else default
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()], comparators=[mapping]):
                pass
            case _:
                return None
        name = self._text(key)
        if name is None:
            return None
        location = self._mapping(mapping)
        if location is None or (location == "header" and name.lower() in OF_EVERY_CLIENT):
            return None
        return _Access(location, name, default)

    def _text(self, node: ast.AST) -> str | None:
        """A text in the source, or a constant of the module that is one."""
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(node, ast.Name):
            value = self._globals.get(node.id)
        return value if isinstance(value, str) else None

    def _value(self, node: ast.AST) -> _Access | None:
        """The same for an expression or a name that holds one."""
        if isinstance(node, ast.Name):
            return self._values.get(node.id)
        access = self._access(_unwrapped(node))
        if access is None:
            return None
        self._found.append(access)
        return access

    def _note(self, node: ast.AST) -> None:
        """What a value is compared with or converted to."""
        match node:
            case ast.Compare(
                left=left, ops=[(ast.Eq() | ast.NotEq()) as operator], comparators=[right]
            ):
                for value, other in ((left, right), (right, left)):
                    self._compared(value, operator, [other])
            case ast.Compare(
                left=left,
                ops=[(ast.In() | ast.NotIn()) as operator],
                comparators=[ast.Tuple(elts=others) | ast.List(elts=others) | ast.Set(elts=others)],
            ):
                self._compared(left, operator, others)
            case ast.Call(func=ast.Name(id=name), args=[value]) if name in _CONVERSIONS:
                access = self._value(value)
                if access is not None:
                    access.types.append(_CONVERSIONS[name])

    def _compared(self, value: ast.expr, operator: ast.cmpop, others: list[ast.expr]) -> None:
        texts = [text for text in map(self._text, others) if text is not None]
        access = self._value(value) if texts else None
        # A client that has no credentials does not know them from the source either.
        if access is not None and not is_secret_name(access.name):
            access.values += texts
            access.guards = access.guards or isinstance(operator, ast.NotEq | ast.NotIn)


def _unwrapped(node: ast.AST) -> ast.AST:
    """Without an `or default` behind it."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return node.values[0]
    return node
