"""Sequences per second, beside the predecessor's and beside bare generation.

    python tests/benchmarks/throughput.py [--old-venv FOLDER] [--rounds N]

1. `pytest --routes --routes-websocket` on the same echo application with 100 and with 1,000
   examples: this checkout, and pytest-routes 0.4.1 in an environment of its own, in turn. What is
   compared is the time of the route's item as JUnit's report has it, which is testing without
   the start of pytest; the whole runs are told too.
2. The sequences of a route, beside the bare Hypothesis generation of such conversations: the same
   plan, drawn by Hypothesis, with clients that hear their own words in the place of server,
   application and checks.
"""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import hypothesis
from hypothesis import strategies as st

from pytest_routes.config.model import Config
from pytest_routes.generate.choices import HypothesisChoices
from pytest_routes.generate.conversation import DrawnScript
from pytest_routes.generate.messages import message_source
from pytest_routes.routes import discover
from pytest_routes.simulator.conversation import Leave, Open, Send, Vanish
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Left,
    Opened,
    Sent,
    Transcript,
    Vanished,
)
from pytest_routes.websocket.examine import examine, plan_for

if TYPE_CHECKING:
    from pytest_routes.generate.conversation import Plan
    from pytest_routes.simulator.conversation import Script

OLD = "pytest-routes==0.4.1"
AT_LEAST = 15.0
AT_MOST = 1.3
ECHO = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except (KeyError, WebSocketDisconnect):
        pass


app = Starlette(routes=[WebSocketRoute("/ws/echo", echo)])
"""
FLAGS = ("--routes", "--routes-app", "echo:app", "--routes-websocket")


@dataclass(frozen=True, slots=True)
class Side:
    name: str
    python: Path

    def run(self, folder: Path, examples: int) -> tuple[float, float, str]:
        """The seconds of a whole run of pytest and of the route's item, and what was printed."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTEST")
        }
        command = [str(self.python), "-m", "pytest", *FLAGS, "-p", "no:cacheprovider"]
        command += ["-p", "no:randomly", "--routes-max-examples", str(examples)]
        command += ["--junitxml", "times.xml"]
        began = time.perf_counter()
        done = subprocess.run(
            command,
            cwd=folder,
            env={**environment, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        took = time.perf_counter() - began
        cases = ElementTree.parse(folder / "times.xml").iter("testcase")
        item = sum(float(each.get("time", 0)) for each in cases if "ws" in each.get("name", ""))
        return took, item, done.stdout + done.stderr


def old_side(folder: Path) -> Side:
    """The predecessor in an environment of its own, made when it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        requirements = [OLD, "starlette", "httpx", "pytest"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *requirements], check=True)
    return Side(OLD, python)


def sequences(output: str) -> int | None:
    found = re.search(r"Sequences tested: *([\d,]+)", output)
    return int(found[1].replace(",", "")) if found else None


def against_predecessor(old_venv: Path | None, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "echo.py").write_text(ECHO, encoding="utf-8")
        (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
        (folder / "test_nothing.py").write_text("def test(): pass\n", encoding="utf-8")
        ours = Side("this checkout", Path(sys.executable))
        theirs = old_side(old_venv or folder / "old")
        print(f"{'examples':>8}  {'side':<22}{'whole run':>11}{'the item':>12}{'sequences/s':>13}")
        for examples in (100, 1000):
            whole: dict[str, list[float]] = {ours.name: [], theirs.name: []}
            items: dict[str, list[float]] = {ours.name: [], theirs.name: []}
            for _ in range(rounds):
                for side in (ours, theirs):
                    took, item, output = side.run(folder, examples)
                    tested = sequences(output)
                    if "passed" not in output or tested not in (None, examples) or not item:
                        raise SystemExit(f"{side.name} has not tested {examples}:\n{output}")
                    whole[side.name].append(took)
                    items[side.name].append(item)
            rates = {}
            for name in whole:
                run, part = statistics.median(whole[name]), statistics.median(items[name])
                rates[name] = examples / part
                print(f"{examples:>8}  {name:<22}{run:>9.2f} s{part:>10.2f} s{rates[name]:>13,.1f}")
            ratio = rates[ours.name] / rates[theirs.name]
            verdict = "met" if ratio >= AT_LEAST else "MISSED"
            print(f"{'':>8}  ratio {ratio:.1f}, target at least {AT_LEAST:.0f}: {verdict}")


def repeated(script: Script) -> int:
    """Play a script with clients of whom everything is sent back, without an application;
    returns how many messages there were."""
    transcript = Transcript()
    events = transcript.events
    messages = 0
    while (step := script.next_step(transcript)) is not None:
        if isinstance(step, Open):
            events += [
                Opened(time=0.0, client=step.client, handshake=step.handshake),
                Accepted(time=0.0, client=step.client),
            ]
        elif isinstance(step, Send):
            messages += 1
            events += [
                Sent(time=0.0, client=step.client, message=step.message, index=messages),
                Answered(time=0.0, client=step.client, message=step.message),
            ]
        elif isinstance(step, Leave):
            events.append(Left(time=0.0, client=step.client, code=step.code))
        elif isinstance(step, Vanish):
            events.append(Vanished(time=0.0, client=step.client))
    return messages


def bare_generation(plan: Plan, examples: int, seed: int) -> int:
    """Have Hypothesis draw conversations, and do nothing with them."""
    messages = 0

    @st.composite
    def conversations(draw: Any) -> int:
        return repeated(DrawnScript(HypothesisChoices(draw), plan))

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        phases=[hypothesis.Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(conversations())
    def test(sent: int) -> None:
        nonlocal messages
        messages += sent

    test()
    return messages


def against_generation(examples: int, rounds: int) -> None:
    """Both sides draw conversations of the same plan; one only has Hypothesis draw them."""
    config = Config(max_examples=examples, websocket={"enabled": True})  # type: ignore[arg-type]
    app = _echo_app()
    route = discover(app).routes[0]
    options = config.websocket
    source = message_source(route, kinds=options.messages, max_size=options.max_message_size)
    plan = plan_for(route, config, source)
    server = Server()
    whole: list[float] = []
    bare: list[float] = []
    messages = [0, 0]
    with server.on_duty():
        server.start(app)
        for number in range(rounds + 1):
            began = time.process_time()
            drawn = bare_generation(plan, examples, number)
            between = time.process_time()
            _, tally = examine(route, server, config, number)
            if number:  # the first round reads the source of the handler
                bare.append(between - began)
                whole.append(time.process_time() - between)
                messages = [messages[0] + tally.messages, messages[1] + drawn]
        server.stop()
    server.close()
    print(f"\n{examples} sequences of an echo route, the median of {rounds} rounds in turn")
    sides = (("drawn, run and judged", whole), ("drawn by Hypothesis", bare))
    for (name, seconds), sent in zip(sides, messages, strict=True):
        median = statistics.median(seconds)
        print(
            f"{name:<24}{median:>8.3f} s of the processor{examples / median:>9,.0f}/s"
            f"{sent / rounds / examples:>8.2f} messages each"
        )
    ratio = statistics.median(a / b for a, b in zip(whole, bare, strict=True))
    verdict = "met" if ratio <= AT_MOST else "MISSED"
    print(f"ratio {ratio:.2f}, target at most {AT_MOST}: {verdict}")


def _echo_app() -> Any:
    # Its source is read later on, so the folder stays until the end.
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    (Path(folder) / "echo_app.py").write_text(ECHO, encoding="utf-8")
    sys.path.insert(0, folder)
    return importlib.import_module("echo_app").app


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--old-venv", type=Path, help="where the predecessor is, or is to be")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("predecessor", "generation"))
    given = parser.parse_args()
    if given.only != "generation":
        against_predecessor(given.old_venv, given.rounds)
    if given.only != "predecessor":
        for count in (100, 1000):
            against_generation(count, given.rounds)
