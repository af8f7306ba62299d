"""A run: the application under test, its routes, what came of each, how it is brought back."""

from pytest_routes.run.one_run import Run, RunError
from pytest_routes.run.verdicts import ReplayVerdict, Verdict

__all__ = ["ReplayVerdict", "Run", "RunError", "Verdict"]
