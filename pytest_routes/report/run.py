"""A whole run, for the reports that other programs, or people later, read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_routes.report.result import RouteResult


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What a run was, and what came of each route."""

    results: tuple[RouteResult, ...]
    seed: int
    app: str | None = None
    started: str = ""
    """ISO 8601, with the offset from UTC."""
    duration: float = 0.0
    """Seconds of real time from the first route to the last."""
    versions: tuple[tuple[str, str], ...] = ()
    """Name and version of Python, pytest-routes, the framework, ..."""
    notes: tuple[str, ...] = ()
    """What was told beside the routes: warnings of the run, an application that did not end."""

    @property
    def totals(self) -> dict[str, int]:
        """What the routes add up to."""
        results = self.results
        websocket = [result for result in results if result.kind == "websocket"]
        http = [result for result in results if result.kind == "http"]
        return {
            "routes": len(results),
            "passed": sum(result.outcome == "passed" for result in results),
            "failed": sum(result.outcome == "failed" for result in results),
            "skipped": sum(result.outcome == "skipped" for result in results),
            "failures": sum(len(result.failures) for result in results),
            "warnings": sum(len(result.warnings) for result in results),
            "sequences": sum(result.sequences for result in websocket),
            "messages": sum(result.messages_sent for result in websocket),
            "connections": sum(result.connections for result in websocket),
            "requests": sum(result.sequences for result in http),
        }


def write_report(run: RunRecord, path: Path) -> None:
    """Write a report whose form the file's name tells: `.json` or `.html`.

    Raises `OSError` when the file cannot be written and `ValueError` for another name.
    """
    if path.suffix == ".json":
        from pytest_routes.report.json_report import report_json as text_of
    elif path.suffix in (".html", ".htm"):
        from pytest_routes.report.html import report_html as text_of
    else:
        raise ValueError(f"expected a report's name to end in .json or .html, got {path.name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(run), encoding="utf-8", newline="\n")
