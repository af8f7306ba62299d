"""Tells every conversation of a route."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_routes.report.failure import Telling
    from pytest_routes.simulator.transcript import Transcript


class Narrator:
    """Tells every conversation, for `verbose`."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.count = 0
        self.lines: list[str] = []

    def __call__(self, transcript: Transcript) -> None:
        from pytest_routes.report.timeline import entry_lines, timeline

        self.count += 1
        entries = timeline(transcript, None, redact=self.telling.secrets)
        self.lines += [f"-- conversation {self.count}", *entry_lines(entries), ""]
