"""Whether the items of a list must differ: `len(set(names)) == len(names)`."""

from __future__ import annotations

import ast

_SETS = frozenset({"set", "frozenset"})


def counts_distinct(node: ast.Call) -> bool:
    """`len(set(items))`, `len({*items})`: how many different ones there are."""
    if not (isinstance(node.func, ast.Name) and node.func.id == "len" and len(node.args) == 1):
        return False
    inner = node.args[0]
    if isinstance(inner, ast.Set):
        return len(inner.elts) == 1 and isinstance(inner.elts[0], ast.Starred)
    return (
        isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in _SETS
    )
