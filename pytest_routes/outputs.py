"""The files that a run leaves when it is asked to: reports, and the failures as tests."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from pytest_routes.report.export import ExportedTest
from pytest_routes.report.run import RunRecord, write_report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_routes.config.loading import Loaded
    from pytest_routes.report.result import RouteResult
    from pytest_routes.run import Run

_PACKAGES = ("pytest-routes", "pytest", "hypothesis", "starlette", "fastapi", "litestar")


@dataclass(slots=True)
class Outputs:
    """What is asked for, and what it is made of."""

    loaded: Loaded
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    tests: dict[str, list[ExportedTest]] = field(default_factory=dict)
    """By the ids of their routes."""

    def add(self, route: str, tests: Iterable[Mapping[str, Any]]) -> None:
        """Tests as reports carry them (`ExportedTest.to_plain`)."""
        self.tests.setdefault(route, []).extend(map(ExportedTest.from_plain, tests))

    def write(self, run: Run, results: Sequence[RouteResult]) -> Iterator[str]:
        """Write all files; yields a sentence for each that was, or could not be, written."""
        config = self.loaded.config
        for path in config.report:
            yield self._write_report(run, results, path)
        if config.export is not None:
            tests = [
                test
                for route in dict.fromkeys(result.route for result in results)
                for test in self.tests.get(route, ())
            ]
            yield self._write_tests(run, config.export, tests)

    def _write_report(self, run: Run, results: Sequence[RouteResult], path: Path) -> str:
        duration = (datetime.now(UTC) - self.began).total_seconds()
        notes = [*run.complaints, *([run.shutdown_error] if run.shutdown_error else [])]
        record = RunRecord(
            results=tuple(results),
            seed=run.seed,
            app=run.config.app,
            started=self.began.astimezone().isoformat(timespec="seconds"),
            duration=round(duration, 3),
            versions=tuple(_versions()),
            notes=tuple(map(run.config.mask, notes)),
        )
        try:
            write_report(record, path)
        except OSError as error:
            return f"warning: a report cannot be written: {error}"
        return f"report written to {self._shown(path)}"

    def _write_tests(self, run: Run, path: Path, tests: Sequence[ExportedTest]) -> str:
        if not tests:
            return f"nothing failed that a test could show: {self._shown(path)} is not written"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(run.bringing.file_text(tests), encoding="utf-8", newline="\n")
        except OSError as error:
            return f"warning: the tests cannot be written: {error}"
        count = len(tests)
        return f"{count} {'test' if count == 1 else 'tests'} written to {self._shown(path)}"

    def _shown(self, path: Path) -> str:
        start = self.loaded.directory
        return path.relative_to(start).as_posix() if path.is_relative_to(start) else str(path)


def _versions() -> Iterator[tuple[str, str]]:
    yield "python", platform.python_version()
    for package in _PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue
