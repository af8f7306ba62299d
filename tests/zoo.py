"""Tests an application of `tests/apps` in this process, as an item of a run would be tested."""

from __future__ import annotations

import importlib
import logging
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_routes.config.model import Config
from pytest_routes.routes import discover, observe
from pytest_routes.search import Found, item_seed
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Left, Sent, Vanished
from pytest_routes.websocket.examine import examine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apps.expectations import Expectation

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of testing one application with one seed."""

    expectation: Expectation
    seed: int
    found: tuple[Found, ...]
    sequences: int
    connections: int
    messages: int
    seconds: float

    @property
    def bug(self) -> Found | None:
        """What shows the application's bug."""
        return next((each for each in self.found if _fits(self.expectation, each)), None)

    @property
    def alarms(self) -> list[Found]:
        """What was found and is not there."""
        known = {*self.expectation.checks, *self.expectation.besides}
        return [each for each in self.found if each.finding.check not in known]

    @property
    def longer(self) -> str:
        """How the conversation that shows the bug is longer than the shortest, or nothing."""
        bug, expected = self.bug, self.expectation
        if bug is None:
            return ""
        transcript = bug.finding.transcript
        sent = [event.message.data for event in transcript.of(Sent)]
        if expected.messages is not None and len(sent) != expected.messages:
            return f"{len(sent)} messages, not {expected.messages}: {_short(sent)}"
        if expected.last and sent[-1] not in expected.last:
            return f"the last message is {_short(sent[-1])}, not {_short(expected.last[0])}"
        if len(transcript.clients) != expected.clients and expected.messages is not None:
            return f"{len(transcript.clients)} clients, not {expected.clients}"
        if expected.left_with is not None:
            left = transcript.first(Left)
            if left is None or left.code != expected.left_with:
                how = "vanished" if transcript.first(Vanished) else "left otherwise"
                return f"the client {how}, not with {expected.left_with}"
        return ""


def visit(expectation: Expectation, seed: int, *, examples: int = 100) -> Visit:
    """Import the application anew, and search its WebSocket routes for bugs."""
    config = Config(
        app=expectation.app,
        max_examples=examples,
        seed=seed,
        websocket={"enabled": True, "paths": expectation.paths},
    )
    began = time.monotonic()
    found: list[Found] = []
    sequences = connections = messages = 0
    with _undisturbed():
        app = _imported(expectation.app)
        server = Server()
        try:
            with server.on_duty():
                server.start(app)
                routes = discover(app, websocket_paths=expectation.paths).routes
                unobserve = observe(app, server.hidden_exception)
                for route in routes:
                    if route.kind != "websocket":
                        continue
                    result, tally = examine(
                        route, server, config, item_seed(seed, f"{expectation.app} {route.id}")
                    )
                    found.extend(result.found)
                    sequences += result.sequences
                    connections += tally.connections
                    messages += tally.messages
                unobserve()
                server.stop()
        finally:
            server.close()
    return Visit(
        expectation,
        seed,
        tuple(found),
        sequences,
        connections,
        messages,
        time.monotonic() - began,
    )


def _fits(expectation: Expectation, found: Found) -> bool:
    if found.finding.check not in expectation.checks:
        return False
    if not expectation.exceptions:
        return True
    return type(found.finding.exception).__name__ in expectation.exceptions


def _imported(reference: str) -> Any:
    """The application, with none of the state that an earlier visit has left in its module."""
    for name in [name for name in sys.modules if name.startswith("apps.")]:
        # Tests have imported the others themselves, and read their source by their module.
        if name != "apps.expectations" and not name.startswith("apps.generation"):
            del sys.modules[name]
    module, _, attribute = reference.partition(":")
    return getattr(importlib.import_module(module), attribute)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Litestar configures logging for the whole process; nobody here wants to read it."""
    root = logging.getLogger()
    handlers, level, disabled = root.handlers[:], root.level, logging.root.manager.disable
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.disable(disabled)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:60]}...{text[-15:]}"
