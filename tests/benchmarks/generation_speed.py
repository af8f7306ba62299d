"""How fast conversations of JSON messages are generated, and a large application is mined.

    python tests/benchmarks/generation_speed.py

Prints conversations per second under Hypothesis, beside lists of as many values of the usual
recursive JSON strategy, the two in turn; then the time that mining an application of over
5,000 lines takes. All times are processor time. Exits with 1 when a
promise is broken: 400 conversations per second, 300 milliseconds.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from pytest_routes.generate.choices import HypothesisChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes.model import Route
from pytest_routes.simulator.transcript import Sent, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

MESSAGES = 10
CONVERSATIONS = 300
ROUNDS = 5


async def handler(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        if data["action"] == "subscribe":
            print(data["channel"], data.get("since", 0))
        elif data["action"] == "publish":
            print(data["channel"], data["payload"]["text"], int(data["payload"]["ttl"]) > 60)


def conversations(count: int) -> Callable[[], None]:
    source = message_source(Route("websocket", "/ws", handler=handler))

    @st.composite
    def drawn(draw: Any) -> Transcript:
        choices = HypothesisChoices(draw)
        transcript = Transcript()
        for index in range(1, 1 + MESSAGES):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=index))
        return transcript

    return _run(drawn(), count)


def recursive(count: int) -> Callable[[], None]:
    scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    values = st.recursive(
        scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
    return _run(st.lists(values, min_size=MESSAGES, max_size=MESSAGES), count)


def _run(strategy: Any, count: int) -> Callable[[], None]:
    @hypothesis.settings(
        max_examples=count,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def test(_: Any) -> None:
        pass

    return test


def rate(test: Callable[[], None], count: int, seed: int) -> float:
    began = time.process_time()
    hypothesis.seed(seed)(test)()
    return count / (time.process_time() - began)


_MODULE = '''
async def command_{n}(ws, data, state):
    """Command number {n}."""
    target = data["target_{n}"]
    amount = int(data.get("amount", 0))
    options = data.get("options", {{}})
    if target == "everyone" and amount > {n}:
        state["count"] = state.get("count", 0) + amount
        await ws.send_json({{"done": True, "count": state["count"]}})
    elif target.startswith("group-{n}:"):
        for member in options.get("members", []):
            name = member["name"].strip().lower()
            if name == "owner_{n}":
                raise PermissionError(name)
            await notify_{n}(ws, name, amount)
    elif "reason" in data and len(data["reason"]) > 200:
        await ws.send_json({{"error": "too long"}})
    else:
        match data.get("mode"):
            case "fast" | "slow" as mode:
                await ws.send_json({{"mode": mode}})
            case {{"level": int(level)}} if level > 9:
                await ws.close(4000 + level)
            case _:
                await ws.send_json({{"error": "mode"}})


async def notify_{n}(ws, name, amount):
    if not name:
        return
    text = f"{{name}} received {{amount}}"
    await ws.send_json({{"to": name, "text": text}})

'''
_MAIN = """
from big_application.commands import *

COMMANDS = {{{table}}}


async def handler(ws):
    await ws.accept()
    state = {{}}
    while True:
        data = await ws.receive_json()
        command = COMMANDS.get(data["command"])
        if command is None:
            await ws.send_json({{"error": "unknown command"}})
            continue
        await command(ws, data, state)
"""


def mining() -> tuple[int, float, int]:
    """Lines of an application, the seconds of the first and of the second mining, and the
    number of shapes that were found."""
    count = 160
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "big_application"
        package.mkdir()
        (package / "__init__.py").write_text("")
        commands = "".join(_MODULE.format(n=n) for n in range(count))
        table = ", ".join(f'"command-{n}": command_{n}' for n in range(count))
        (package / "commands.py").write_text(commands)
        (package / "main.py").write_text(_MAIN.format(table=table))
        lines = commands.count("\n") + _MAIN.count("\n")
        sys.path.insert(0, folder)
        application = importlib.import_module("big_application.main")
        began = time.process_time()
        vocabulary = mine(application.handler)
        return lines, time.process_time() - began, len(vocabulary.sites[0].shapes)


def main() -> int:
    ours, theirs = conversations(CONVERSATIONS), recursive(CONVERSATIONS // 10)
    rates: list[tuple[float, float]] = []
    for seed in range(ROUNDS):
        rates.append((rate(ours, CONVERSATIONS, seed), rate(theirs, CONVERSATIONS // 10, seed)))
    best = statistics.median(one for one, _ in rates)
    other = statistics.median(two for _, two in rates)
    print(f"{best:.0f} conversations of {MESSAGES} JSON messages per second")
    print(f"{other:.0f} lists of {MESSAGES} values of st.recursive per second")
    lines, first, shapes = mining()
    print(f"{lines} lines mined in {first * 1000:.0f} ms")
    print(f"{shapes} shapes of messages")
    return 0 if best >= 400 and first <= 0.3 else 1


if __name__ == "__main__":
    raise SystemExit(main())
