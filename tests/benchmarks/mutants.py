"""The mutants of a module: each changes one expression or statement of its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

_PAIRS: tuple[tuple[type[ast.AST], type[ast.AST]], ...] = (
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.And, ast.Or),
)
OPPOSITE: dict[type[ast.AST], Any] = dict(_PAIRS) | {other: one for one, other in _PAIRS}


class Mutant(NamedTuple):
    line: int
    original: str
    changed: str
    source: bytes


def changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What is replaced at a node, and by which text."""
    match node:
        case ast.Compare():
            for index, op in enumerate(node.ops):
                ops = [*node.ops[:index], OPPOSITE[type(op)](), *node.ops[index + 1 :]]
                yield node, ast.unparse(ast.Compare(node.left, ops, node.comparators))
        case ast.BoolOp():
            yield node, f"({ast.unparse(ast.BoolOp(OPPOSITE[type(node.op)](), node.values))})"
        case ast.UnaryOp(op=ast.Not()):
            yield node, f"({ast.unparse(node.operand)})"
        case ast.Constant(value=bool()):
            yield node, str(not node.value)
        case ast.Constant(value=int() | float() as number):
            yield from ((node, repr(number + step)) for step in (1, -1))
        case ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            yield node, "return None"
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield node, "pass"
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            yield node.func, "max" if name == "min" else "min"
        case ast.arguments():
            for default in (*node.defaults, *node.kw_defaults):
                if isinstance(default, ast.Constant) and default.value in (None, ""):
                    yield default, "0" if default.value is None else "'other'"
    tests = [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []
    tests += node.ifs if isinstance(node, ast.comprehension) else []
    for test in tests:
        yield from ((test, text) for text in ("True", "False") if ast.unparse(test) != text)


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs: neither annotations nor decorators nor what is for type checkers.
    The parts of an f-string have no positions before Python 3.12."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walk(child)


def _on_one_line(code: bytes) -> str:
    return " ".join(code.decode().split())


def mutants(source: bytes) -> Iterator[Mutant]:
    lines = source.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    for node in walk(ast.parse(source)):
        for place, text in changes(node):
            assert isinstance(place, ast.expr | ast.stmt)
            assert place.end_lineno is not None
            assert place.end_col_offset is not None
            begin = starts[place.lineno - 1] + place.col_offset
            end = starts[place.end_lineno - 1] + place.end_col_offset
            changed = source[:begin] + text.encode() + source[end:]
            first = starts[place.lineno - 1]
            rest = len(lines[place.end_lineno - 1]) - place.end_col_offset
            after = begin + len(text.encode()) + rest
            told = _on_one_line(source[first : end + rest]), _on_one_line(changed[first:after])
            yield Mutant(place.lineno, *told, changed)
