"""A failure in the form in which pytest carries it, colours it and sends it through xdist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _pytest._code.code import (
    ReprEntryNative,
    ReprExceptionInfo,
    ReprFileLocation,
    ReprTraceback,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _pytest._io import TerminalWriter

    from pytest_routes.report.result import FindingRecord

_BOLD = (
    "Error Type:",
    "Message:",
    "Failed at message index:",
    "WebSocket test failed",
    "HTTP test failed",
)
_HEADINGS = ("Traceback:", "What it means", "What to do:", "Where the ", "Conversation", "Exchange")


class FailureRepr(ReprExceptionInfo):
    """The text of a failure for pytest's terminal, JUnit XML and annotations.

    It is one of pytest's own representations: xdist's workers can send it, and the short test
    summary shows `line`. `path` and `lineno` are where annotations point.
    """

    def __init__(self, text: str, *, line: str, path: str, lineno: int) -> None:
        super().__init__(
            reprtraceback=ReprTraceback([ReprEntryNative([text + "\n"])], None, style="native"),
            reprcrash=ReprFileLocation(path, lineno, line),
        )
        self._text = text

    @classmethod
    def of(cls, text: str, failures: Sequence[FindingRecord], path: str) -> FailureRepr:
        """The representation of a route's failures.

        It points at the application's line behind the first of them that has one, else at
        `path`.
        """
        place = next((failure.place for failure in failures if failure.place), f"{path}:0")
        file, _, line = place.rpartition(":")
        told = "; ".join(failure.line for failure in failures)
        return cls(text, line=told, path=file, lineno=int(line) if line.isdecimal() else 0)

    @classmethod
    def sent(cls, representation: object) -> FailureRepr | None:
        """The representation that an xdist worker has sent: pytest makes one of its own class
        of it, which does not colour. None when it is none of ours."""
        traceback = getattr(representation, "reprtraceback", None)
        crash = getattr(representation, "reprcrash", None)
        entries: Sequence[object] = getattr(traceback, "reprentries", ())
        if crash is None or len(entries) != 1 or not isinstance(entries[0], ReprEntryNative):
            return None
        text = "".join(entries[0].lines).removesuffix("\n")
        return cls(text, line=crash.message, path=crash.path, lineno=crash.lineno)

    def toterminal(self, tw: TerminalWriter) -> None:
        """Write the text, coloured if pytest colours."""
        for line in self._text.split("\n"):
            tw.line(line, **_markup(line))
        for name, content, separator in self.sections:
            tw.sep(separator, name)
            tw.line(content)

    def __str__(self) -> str:
        return self._text


def _markup(line: str) -> dict[str, bool]:
    if line.startswith(("====", "> ")) or " TEST FAILURE: " in line:
        return {"red": True, "bold": True}
    if line.startswith((*_BOLD, *_HEADINGS)):
        return {"bold": True}
    if line.startswith("Reproduce: "):
        return {"cyan": True}
    return {}
