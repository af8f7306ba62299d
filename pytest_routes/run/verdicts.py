"""What comes of one item of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_routes.report.export import ExportedTest
    from pytest_routes.report.replay import Verdict as ReplayOutcome
    from pytest_routes.report.result import RouteResult


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one route, and the text of its failure when it has one."""

    result: RouteResult
    failure: str | None = None
    tests: tuple[ExportedTest, ...] = ()
    """Plain tests that fail as the route did, when they are asked for."""
    conversations: str = ""
    """What was said in each, for `verbose`."""
    statistics: str = ""
    """What Hypothesis would say of the search."""


@dataclass(frozen=True, slots=True)
class ReplayVerdict:
    """What came of one replay file, and the text of its failure when it has one."""

    verdict: ReplayOutcome
    failure: str | None = None
    line: str = ""
    """The failure on one line."""
    place: str | None = None
    """`path:line` of the application behind it."""
