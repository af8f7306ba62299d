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
    from _pytest._io import TerminalWriter

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
    summary shows `line`.
    """

    def __init__(self, text: str, *, line: str, path: str, lineno: int) -> None:
        super().__init__(
            reprtraceback=ReprTraceback([ReprEntryNative([text + "\n"])], None, style="native"),
            reprcrash=ReprFileLocation(path, lineno, line),
        )
        self._text = text

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
