"""The same bug, found under more than one check."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.checks.finding import Finding

# What a crash is called when its client happens to have left, and what else.
_USUALLY = {"shutdown_error": "message_handler_error"}


def is_repeat(finding: Finding, found: Sequence[Finding]) -> bool:
    """Whether another finding of a route tells of the same exception of the same line.

    A line that raises while the client is there raises as well when the client leaves just
    then. It is told once, unless it would then be a warning only.
    """
    check, *raised = finding.key
    usual = (_USUALLY.get(check), *raised)
    return bool(raised) and any(
        each.key == usual and each.severity == finding.severity for each in found
    )
