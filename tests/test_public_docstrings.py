"""What a user can import tells what it is for, with an example that is Python."""

from __future__ import annotations

import ast
from textwrap import dedent
from typing import Any

import pytest

import pytest_routes
from pytest_routes import websocket

PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in (pytest_routes, websocket)
    for name in module.__all__
    if not name.endswith("Error") and name not in ("CheckFailed", "WrongMessage")
}


def examples(thing: Any) -> str:
    """The indented lines of a docstring, which itself is indented by four."""
    lines = (thing.__doc__ or "").splitlines()
    return dedent("\n".join(line for line in lines if line.startswith(" " * 8) or not line))


@pytest.mark.parametrize("name", PUBLIC)
def test_each_public_name_has_an_example(name: str) -> None:
    source = examples(PUBLIC[name])
    assert source.strip(), f"{name} has none"
    ast.parse(source)
