"""Finds the line at which a handler returned too early."""

from __future__ import annotations

import inspect
import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_routes.simulator.conversation import Recorded
from pytest_routes.simulator.transcript import Frame, Returned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType
    from typing import Any

    from pytest_routes.checks import Finding
    from pytest_routes.routes.model import Route
    from pytest_routes.search.found import Matching
    from pytest_routes.websocket.engine import Engine


def with_its_line(finding: Finding, matching: Matching, route: Route, engine: Engine) -> Finding:
    """A finding that a handler's return shows, with where it returned.

    A coroutine that has ended does not tell, so the conversation is had once more, and looked at
    while it runs. The finding as it is where that tells nothing.
    """
    code = _code_of(route.handler)
    one_client = len(finding.transcript.clients) == 1  # of several it is not known who is seen
    if not isinstance(finding.event, Returned) or code is None or not one_client:
        return finding
    with _last_line(code) as lines:
        again = matching(engine.run(Recorded(tuple(finding.transcript.steps))))
    if again is None or not isinstance(again.event, Returned) or not lines:
        return finding
    told = replace(again.event, where=(Frame(code.co_filename, lines[-1], code.co_qualname),))
    events = again.transcript.events
    events[events.index(again.event)] = told
    return replace(again, event=told)


def _code_of(handler: object) -> CodeType | None:
    return getattr(inspect.unwrap(handler), "__code__", None) if callable(handler) else None


@contextmanager
def _last_line(code: CodeType) -> Iterator[list[int]]:
    """Filled with the lines at which the code returned, or waited, in this thread."""
    lines: list[int] = []

    def inside(frame: FrameType, event: str, _: Any) -> Any:
        if event == "return":
            lines.append(frame.f_lineno)
        return inside

    def called(frame: FrameType, _: str, __: Any) -> Any:
        return inside if frame.f_code is code else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        yield lines
    finally:
        # That of a debugger, or of a coverage tool.
        sys.settrace(before)
