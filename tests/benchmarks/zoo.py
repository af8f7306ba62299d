"""Prints what is found in the applications of `tests/apps`, over several seeds.

    python tests/benchmarks/zoo.py [--seeds 10] [--examples 100] [--only TEXT] [TABLE ...]

A table is one of `bugs`, `zoo`, `correct` and `samples`; without any, all are printed. Ends
with status 1 when fewer than 95 % of the bugs are found with any seed, or with a false alarm.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections import Counter
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import zoo
from apps import expectations

TABLES = {
    "bugs": expectations.BUGS,
    "zoo": expectations.ZOO,
    "correct": expectations.CORRECT,
    "samples": expectations.SAMPLES,
}
ENOUGH = 0.95


def main() -> int:
    options = _options()
    # What the applications log and print is not what is asked for; they keep the stream.
    logging.lastResort = None
    nowhere = Path(os.devnull).open("w")  # noqa: SIM115
    found_with: Counter[int] = Counter()
    bugs = alarms = 0
    for name in options.tables or TABLES:
        print(f"\n{name}\n{'application':<46} {'found':>7} {'first':>6} {'seconds':>8}")
        for expectation in TABLES[name]:
            if options.only not in expectation.app:
                continue
            visits = []
            for seed in range(options.first, options.first + options.seeds):
                with contextlib.redirect_stderr(nowhere):
                    visits.append(zoo.visit(expectation, seed, examples=options.examples))
            if expectation.checks:
                bugs += 1
                found_with.update(visit.seed for visit in visits if visit.bug)
            alarms += sum(len(visit.alarms) for visit in visits)
            print("\n".join(_lines(expectation, visits)), flush=True)
    if bugs:
        worst = min(found_with[options.first + offset] for offset in range(options.seeds))
        mean = found_with.total() / options.seeds
        print(f"\n{bugs} bugs: found {mean:.1f} on average, {worst} with the worst seed")
    else:
        worst = 0
    print(f"{alarms} false alarms")
    return 1 if alarms or worst < ENOUGH * bugs else 0


def _lines(expectation: expectations.Expectation, visits: list[zoo.Visit]) -> list[str]:
    seconds = sum(visit.seconds for visit in visits) / len(visits)
    shown = [visit.bug for visit in visits if visit.bug is not None]
    first = f"{median(each.sequence for each in shown):.0f}" if shown else ""
    count = f"{len(shown)}/{len(visits)}" if expectation.checks else ""
    lines = [f"{expectation.app.removeprefix('apps.'):<46} {count:>7} {first:>6} {seconds:8.2f}"]
    if expectation.checks and len(shown) < len(visits):
        missed = [str(visit.seed) for visit in visits if visit.bug is None]
        lines.append(f"    missed with seed {', '.join(missed)}")
    if not any(visit.connections for visit in visits) and "connection" not in str(
        expectation.checks
    ):
        lines.append("    no connection was accepted")
    for longer, count in Counter(visit.longer for visit in visits if visit.longer).items():
        lines.append(f"    {count} x longer than needed: {longer}")
    alarms = Counter(
        f"{each.finding.check}: {each.finding.message}" for visit in visits for each in visit.alarms
    )
    lines.extend(f"    {count} x FALSE ALARM {text}" for text, count in alarms.items())
    return lines


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], metavar="TABLE")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--only", default="", help="part of the application's name")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
