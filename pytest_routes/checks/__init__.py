"""What counts as wrong: one catalogue, and small pure functions over a transcript."""

from pytest_routes.checks.advice import Advice, advice
from pytest_routes.checks.catalogue import CATALOGUE, CHECKS, Check, default_severities
from pytest_routes.checks.context import Context
from pytest_routes.checks.declared import answer_check, answer_type
from pytest_routes.checks.finding import Finding, Severity
from pytest_routes.checks.judge import judge
from pytest_routes.checks.leaks import Kept, leaked_connection

__all__ = [
    "CATALOGUE",
    "CHECKS",
    "Advice",
    "Check",
    "Context",
    "Finding",
    "Kept",
    "Severity",
    "advice",
    "answer_check",
    "answer_type",
    "default_severities",
    "judge",
    "leaked_connection",
]
