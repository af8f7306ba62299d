"""Prints how many values of declared types are made per CPU second, and their cost in draws.

    python tests/benchmarks/generation.py [--seconds 2]

Beside them, under the same Hypothesis and in turn: `st.recursive` JSON, as a general strategy
would make it, and a list of ten JSON messages of each, which is what a conversation needs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "generate"))

import corpus

from pytest_routes.generate.choices import HypothesisChoices, RandomChoices
from pytest_routes.generate.schema import maker_for, maker_for_schema

NAMES = (
    "pydantic-int",
    "pydantic-str",
    "pydantic-str-pattern",
    "pydantic-datetime",
    "pydantic-list",
    "pydantic-dict",
    "pydantic-model",
    "pydantic-model-discriminated",
    "pydantic-model-tree",
    "pydantic-model-wide",
    "pydantic-many",
    "msgspec-struct",
    "msgspec-struct-tagged",
    "msgspec-struct-times",
)
MESSAGES = 10
ROUNDS = 3


def recursive_json() -> st.SearchStrategy[Any]:
    """JSON as a general strategy makes it."""
    scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )


def per_second(draw: Callable[[Any], Any], seconds: float) -> float:
    """Examples per second of what `draw` draws from Hypothesis."""
    count, began = 0, time.process_time()
    examples = st.composite(draw)()
    while time.process_time() - began < seconds:

        @settings(
            max_examples=200,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(examples)
        def run(_: Any) -> None:
            nonlocal count
            count += 1

        run()
    return count / (time.process_time() - began)


class Counted(RandomChoices):
    """Counts the draws."""

    def __init__(self) -> None:
        super().__init__(1)
        self.count = 0

    def index(self, n: int) -> int:
        if n > 1:
            self.count += 1 if n <= 64 else 2
        return super().index(n)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each line and round")
    seconds = parser.parse_args().seconds
    warnings.simplefilter("ignore")
    general = recursive_json()
    contestants: list[tuple[str, Callable[[Any], Any], Any]] = [
        ("st.recursive JSON", lambda draw: draw(general), None)
    ]
    for name in NAMES:
        library, annotation, _ = corpus.TYPES[name]
        contestants.append(_contestant(name, maker_for(annotation, prefer=library)))
    contestants.append(_contestant("any JSON, ours", maker_for_schema({})))
    model = maker_for(corpus.Person)
    contestants += [
        (f"{MESSAGES} messages, st.recursive", _ten(lambda draw: draw(general)), None),
        (f"{MESSAGES} messages of a model", _ten(lambda d: model(HypothesisChoices(d))), None),
    ]
    rates: dict[str, list[float]] = {name: [] for name, _, _ in contestants}
    for _ in range(ROUNDS):
        for name, draw, _ in contestants:
            rates[name].append(per_second(draw, seconds))
    print(f"{'under Hypothesis':<34} {'per second':>10} {'draws':>6} {'without it':>11}")
    for name, _, values in contestants:
        best = max(rates[name])
        print(f"{name:<34} {best:>10,.0f} {_cost(values)}")


def _contestant(name: str, values: Any) -> tuple[str, Callable[[Any], Any], Any]:
    return name, lambda draw: values(HypothesisChoices(draw)), values


def _ten(one: Callable[[Any], Any]) -> Callable[[Any], list[str]]:
    return lambda draw: [json.dumps(one(draw)) for _ in range(MESSAGES)]


def _cost(values: Any, count: int = 2000) -> str:
    """Draws for each value, and values per second from a plain random generator."""
    if values is None:
        return ""
    choices = Counted()
    began = time.process_time()
    for _ in range(count):
        values(choices)
    rate = count / (time.process_time() - began)
    return f"{choices.count / count:>6.1f} {rate:>11,.0f}"


if __name__ == "__main__":
    main()
