"""Searches an application of `tests/apps/generation` for its bug, which sits behind content,
order or a server's answer."""

from __future__ import annotations

import importlib
import linecache
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

from apps.generation import MODULES

from pytest_routes.config.model import Config
from pytest_routes.generate.conversation import DrawnScript
from pytest_routes.generate.messages import message_source
from pytest_routes.routes import discover, observe
from pytest_routes.search import item_seed, search
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Raised, Transcript
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.examine import plan_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.checks.finding import Finding
    from pytest_routes.generate.choices import Choices
    from pytest_routes.search import Matching


class _Reached(BaseException):
    """Ends the search; no `Exception`, so that Hypothesis does not take it for a failure."""


def _is_the_bug(exception: BaseException) -> bool:
    """It is a `Bug`, or came out of the line that the application marks; or one of a group is."""
    if isinstance(exception, BaseExceptionGroup) and any(map(_is_the_bug, exception.exceptions)):
        return True
    if type(exception).__name__ == "Bug":
        return True
    lines = (
        linecache.getline(frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(exception.__traceback__)
    )
    return any(line.rstrip().endswith("# the bug") for line in lines)


def _judged(transcript: Transcript) -> list[Finding]:
    return []


def _never_shortened(finding: Finding, matching: Matching) -> Finding:
    return finding


def applications(wanted: list[str]) -> Iterator[tuple[str, Any]]:
    """The applications by name: `module.application`."""
    for module in MODULES:
        for name, app in importlib.import_module(f"apps.generation.{module}").APPS.items():
            full = f"{module}.{name}"
            if not wanted or any(word in full for word in wanted):
                yield full, app


def sequences_until_found(name: str, app: Any, seed: int, most: int) -> tuple[int | None, str]:
    """How many sequences it took; None and what else was raised when it was not found."""
    config = Config(
        app="apps:app", max_examples=most, websocket={"enabled": True, "paths": ["/ws"]}
    )
    server = Server()
    ran = 0
    other: list[str] = []
    try:
        with server.on_duty():
            server.start(app)
            unobserve = observe(app, server.hidden_exception)
            route = next(
                r for r in discover(app, websocket_paths=["/ws"]).routes if r.kind == "websocket"
            )
            source = message_source(route)
            plan = plan_for(route, config, source)
            engine = Engine(server, Limits())

            def trial(choices: Choices) -> Transcript:
                return engine.run(DrawnScript(choices, plan))

            def watched(transcript: Transcript) -> None:
                nonlocal ran
                ran += 1
                for event in transcript.of(Raised):
                    if _is_the_bug(event.exception):
                        raise _Reached
                    other.append(f"{type(event.exception).__name__}: {event.exception}"[:80])

            try:
                search(
                    trial,
                    _judged,
                    _never_shortened,
                    examples=most,
                    seed=item_seed(seed, name),
                    observe=watched,
                )
            except _Reached:
                return ran, ""
            finally:
                unobserve()
                server.stop()
    finally:
        server.close()
    return None, "; ".join(sorted(set(other)))
