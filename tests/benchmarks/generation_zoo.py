"""How many bugs of `tests/apps/generation` are reached, and after how many sequences.

    python tests/benchmarks/generation_zoo.py [--seeds 10] [--sequences 100] [NAME ...]

The search is the one that the plugin makes. Prints, for each application, in how many seeds its
bug was reached and the median number of sequences it took; then the share of all, and the time.
"""

from __future__ import annotations

import argparse
import importlib
import linecache
import logging
import statistics
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

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
    """It is a `Bug`, or came out of the line that the application marks."""
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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--sequences", type=int, default=100)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    began = time.monotonic()
    found = missed = 0
    medians: list[float] = []
    for name, app in applications(options.names):
        results = [
            sequences_until_found(name, app, seed, options.sequences)
            for seed in range(1, options.seeds + 1)
        ]
        counts = [count for count, _ in results if count is not None]
        found += len(counts)
        missed += len(results) - len(counts)
        median = statistics.median(counts) if counts else float("inf")
        medians.append(median)
        others = {text for _, text in results if text}
        print(
            f"{name:42} {len(counts):3}/{len(results)}  median {median:6.1f}  {' | '.join(others)}"
        )
    total = found + missed
    print(
        f"{len(medians)} applications, {found} of {total} found ({found / total:.1%}), "
        f"median of medians {statistics.median(medians):.1f} sequences, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 0 if found >= 0.95 * total else 1


if __name__ == "__main__":
    raise SystemExit(main())
