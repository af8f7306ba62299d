"""Where the source of a function is, and whether it is the application's own.

Nothing is imported and nothing is executed: a function object names its file and line, and
the file is parsed once.
"""

from __future__ import annotations

import ast
import os
import sys
import sysconfig
import tokenize
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.generate.vocabulary.filling import filled, parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FunctionType

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_STANDARD_LIBRARY = tuple(
    {os.path.realpath(sysconfig.get_paths()[name]) + os.sep for name in ("stdlib", "platstdlib")}
)


def definition(function: FunctionType) -> Definition | None:
    """The function's syntax tree; None when its source cannot be read."""
    code = function.__code__
    try:
        stamp = os.stat(code.co_filename).st_mtime_ns
    except OSError:
        return None
    find = _lambdas if code.co_name == "<lambda>" else _functions
    return find(code.co_filename, stamp).get((code.co_name, code.co_firstlineno))


@lru_cache(maxsize=512)
def _parsed(file: str, stamp: int) -> ast.Module:  # noqa: ARG001
    try:
        with tokenize.open(file) as stream:
            return ast.parse(stream.read(), file)
    except (OSError, SyntaxError, ValueError):
        return ast.Module([], [])


@lru_cache(maxsize=512)
def _functions(file: str, stamp: int) -> Mapping[tuple[str, int], Definition]:
    """Every function of a file by its name and first line (decorators count, as in
    `co_firstlineno`). Expressions are not looked into: that takes most of the time."""
    found: dict[tuple[str, int], Definition] = {}
    waiting: list[ast.AST] = [_parsed(file, stamp)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
            found[node.name, first] = node
        for block in _BLOCKS:
            waiting.extend(getattr(node, block, ()))
    return found


@lru_cache(maxsize=512)
def changing(function: FunctionType) -> frozenset[tuple[str, str]]:
    """What the file of a function changes: names, attributes and keys. What they are
    first given is not what they are."""
    file = function.__code__.co_filename
    try:
        stamp = os.stat(file).st_mtime_ns
    except OSError:
        return frozenset()
    return _changing(file, stamp)


@lru_cache(maxsize=512)
def _changing(file: str, stamp: int) -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(_parsed(file, stamp), frozenset())]
    while waiting:
        node, given = waiting.pop()
        if type(node) in _SINGLE:
            if isinstance(node, ast.Assign):
                found.update(("filled", name) for name in filled(node, given))
            found.update(place for target in _counted(node) for place in _place_of(target))
            continue
        given |= parameters_of(node)
        for block in _BLOCKS:
            waiting.extend([(inner, given) for inner in getattr(node, block, ())])
    return frozenset(found)


def _place_of(target: ast.expr) -> Iterator[tuple[str, str]]:
    if isinstance(target, ast.Name):
        yield "name", target.id
    elif isinstance(target, ast.Attribute):
        yield "attribute", target.attr
    elif (
        isinstance(target, ast.Subscript)
        and isinstance(target.slice, ast.Constant)
        and isinstance(target.slice.value, str)
    ):
        yield "key", target.slice.value


def _counted(node: ast.AST) -> list[ast.expr]:
    """What a statement counts up or down, puts something into or takes something out of."""
    if isinstance(node, ast.AugAssign):
        return [node.target]
    if isinstance(node, ast.Assign):
        return [t for t, value in _assigned(node) if _is_step_from(t, value)]
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        return [call.func.value] if call.func.attr in _GROWS else []
    return []


def _assigned(node: ast.Assign) -> list[tuple[ast.expr, ast.expr]]:
    """Each target with its value: `number, self.next = self.next, self.next + 1`."""
    target = node.targets[0]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        return list(zip(target.elts, node.value.elts, strict=False))
    return [(target, node.value)]


def _is_step_from(target: ast.expr, value: ast.expr) -> bool:
    """It is computed from what was there: `n = n + 1`."""
    if not isinstance(value, ast.BinOp):
        return False
    left = value.left
    if isinstance(target, ast.Attribute) and isinstance(left, ast.Attribute):
        owners = (target.value, left.value)
        return target.attr == left.attr and all(isinstance(o, ast.Name) for o in owners)
    return isinstance(target, ast.Name) and isinstance(left, ast.Name) and target.id == left.id


_GROWS = frozenset({
    "add", "append", "clear", "discard", "extend", "insert", "pop", "remove", "update",
})  # fmt: skip
_SINGLE = frozenset({ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Raise})
"""Statements in which there are no others."""
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@lru_cache(maxsize=512)
def _lambdas(file: str, stamp: int) -> Mapping[tuple[str, int], Definition]:
    """Every lambda of a file by its line."""
    return {
        ("<lambda>", node.lineno): node
        for node in ast.walk(_parsed(file, stamp))
        if isinstance(node, ast.Lambda)
    }


@dataclass(frozen=True, slots=True)
class Territory:
    """The application's own code, as far as one handler tells: its top-level package, and for
    a project outside `site-packages` whatever lies in the same directory tree."""

    package: str
    directory: str | None

    def owns(self, module: str | None, file: str) -> bool:
        if module and module.partition(".")[0] == self.package:
            return True
        path = os.path.realpath(file)
        return (
            self.directory is not None
            and path.startswith(self.directory)
            and not _is_installed(path)
        )

    def owns_function(self, function: FunctionType) -> bool:
        return self.owns(function.__module__, function.__code__.co_filename)

    def owns_class(self, cls: type) -> bool:
        module = sys.modules.get(cls.__module__)
        return self.owns(cls.__module__, getattr(module, "__file__", None) or "")


def territory_of(module: str, file: str) -> Territory:
    """What belongs to the same application as a module of this name and file."""
    package = module.partition(".")[0]
    top = getattr(sys.modules.get(package), "__file__", None)
    if top is None or os.path.basename(top) != "__init__.py":
        top = top or file
        directory = os.path.dirname(os.path.realpath(top))
    else:
        directory = os.path.dirname(os.path.dirname(os.path.realpath(top)))
    outside = _is_installed(os.path.realpath(file)) or directory == os.sep
    return Territory(package, None if outside else directory + os.sep)


def _is_installed(path: str) -> bool:
    return any(part in path for part in _INSTALLED) or path.startswith(_STANDARD_LIBRARY)
