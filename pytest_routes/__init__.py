"""pytest-routes: talk to every route of an ASGI application, and show what breaks.

`simulate` serves an application in a test by hand; `CheckFailed` is what its `check()` raises,
`LifespanError` what an application raises that does not start or end. They are loaded when they
are first asked for: pytest imports this package in every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_routes.simulation import CheckFailed, LifespanError, simulate

__all__ = ["CheckFailed", "LifespanError", "simulate"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from pytest_routes import simulation

        return getattr(simulation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
