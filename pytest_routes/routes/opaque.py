"""WebSocket routes that the configuration names, because nobody can discover them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pytest_routes.routes import layers
from pytest_routes.routes.model import Parameter, Route
from pytest_routes.routes.source import written
from pytest_routes.routes.walk import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_routes.routes.walk import Walk

# The types of placeholders that Starlette and Litestar know by these names.
TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "uuid": UUID,
    "date": date,
    "path": str,
}

_PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")


def routes(app: Any, paths: Sequence[str], walk: Walk) -> Iterator[Route]:
    for path in paths:
        path = path if path.startswith("/") else f"/{path}"
        code = written(_answering(app, path, walk))
        yield Route(
            kind="websocket",
            path=path,
            template=plain(path),
            parameters=tuple(_parameters(path)),
            handler=code.handler,
            dependencies=code.around,
        )


def _parameters(path: str) -> Iterator[Parameter]:
    for name, kind in _PLACEHOLDER.findall(path):
        if kind and kind not in TYPES:
            expected = ", ".join(TYPES)
            raise ValueError(f"{path}: unknown type {kind!r} of {name!r}, expected {expected}")
        yield Parameter(
            name=name,
            location="path",
            annotation=TYPES[kind or "str"],
            multi_segment=kind == "path",
        )


def _answering(app: Any, path: str, walk: Walk) -> Any:
    """The application that a path leads to: the one mounted nearest to it, or the whole."""
    nearest, length = app, -1
    for place, mounted in walk.opaque:
        prefix = place.path.rstrip("/")
        if len(prefix) > length and (path == prefix or path.startswith(f"{prefix}/")):
            nearest, length = mounted, len(prefix)
    return layers.search(nearest, lambda _: False).innermost
