"""Draws many values of every type of the corpus, and lets the type's library read each.

    python tests/benchmarks/acceptance.py [--draws 10000] [--only TEXT]

Prints a line for each type, and ends with status 1 when a value was refused. The test suite
does the same with fewer draws.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "generate"))

import corpus

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.schema import maker_for


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--only", default="", help="types whose name has this in it")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    refused_in_all = types = 0
    print(f"{'type':<34} {'refused':>8} {'different':>10} {'seconds':>8}")
    for name, (library, annotation, acceptance) in corpus.TYPES.items():
        if options.only not in name:
            continue
        began = time.perf_counter()
        values, accept = maker_for(annotation, prefer=library), acceptance(annotation)
        choices = RandomChoices(1)
        refused, different = [], set()
        for _ in range(options.draws):
            value = values(choices)
            different.add(repr(value))
            try:
                accept(value)
            except Exception as error:
                refused.append((value, error))
        seconds = time.perf_counter() - began
        print(f"{name:<34} {len(refused):>8} {len(different):>10} {seconds:>8.2f}")
        for value, error in refused[:3]:
            print(f"    {value!a:.100}: {error!s:.100}")
        refused_in_all += len(refused)
        types += 1
    print(f"\n{types} types, {options.draws} draws each, {refused_in_all} values refused")
    return 1 if refused_in_all else 0


if __name__ == "__main__":
    sys.exit(main())
