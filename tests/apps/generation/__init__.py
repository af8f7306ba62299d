"""Applications with one bug each, which only a certain message, or a certain order, reaches.

Everything else that a client can say is survived: each handler raises `Bug`, and nothing but
`Bug`, at the place that generation has to find. The modules are named after the framework and
what their applications read; each has its applications in `APPS`, by name.
"""

from __future__ import annotations


class Bug(Exception):
    """What generation was to reach."""


MODULES = (
    "starlette_json",
    "starlette_dispatch",
    "starlette_text",
    "starlette_bytes",
    "tabled",
    "taken_apart",
    "spelled",
    "roundabout",
    "everyday",
    "waiting",
    "starlette_order",
    "starlette_known",
    "fastapi_models",
    "validated",
    "declared_records",
    "enclosed",
    "filled",
    "litestar_messages",
    "kept",
    "plain_asgi",
    "roles",
    "whole",
)
