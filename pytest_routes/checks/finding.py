"""What a check says when it is not satisfied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from pytest_routes.simulator.transcript import Event, Transcript

Severity: TypeAlias = Literal["error", "warn", "off"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, seen in one transcript."""

    check: str
    """A key of the catalogue, e.g. `message_handler_error`."""
    severity: Severity
    message: str
    """One sentence: what happened."""
    expected: str
    actual: str
    event: Event
    """The event that shows it; its client and time are the failure's."""
    transcript: Transcript
    exception: BaseException | None = None
    """The application's own exception, when one is the cause."""
    key: tuple[str, ...] = field(default=())
    """What makes two findings of one check the same bug (exception type, file, line, rule)."""
