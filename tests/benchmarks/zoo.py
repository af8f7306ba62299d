"""Prints what is found in the applications of `tests/apps`, over several seeds.

    python tests/benchmarks/zoo.py [--seeds 10] [--jobs 2] [--only TEXT] [TABLE ...]

A table is one of `bugs`, `zoo`, `correct` and `samples`; without any, all are printed. Ends
with status 1 when fewer than 95 % of the bugs are found with any seed, or with a false alarm.
"""

from __future__ import annotations

import argparse
import functools
import logging
import multiprocessing
import os
import sys
from collections import Counter
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Row:
    """What came of one application."""

    lines: list[str]
    found_with: list[int]
    """The seeds with which its bug was found."""
    alarms: int


def main() -> int:
    options = _options()
    seeds = range(options.first, options.first + options.seeds)
    found_with: Counter[int] = Counter()
    bugs = alarms = 0
    # A process for each application: what one leaves behind makes the next one slow.
    context = multiprocessing.get_context("fork")
    with context.Pool(options.jobs, initializer=_keep_quiet, maxtasksperchild=1) as pool:
        for name in options.tables or TABLES:
            print(f"\n{name}\n{'application':<46} {'found':>7} {'first':>6} {'seconds':>8}")
            wanted = [each for each in TABLES[name] if options.only in each.app]
            visit = functools.partial(_visited, seeds=seeds, examples=options.examples)
            for expectation, row in zip(wanted, pool.imap(visit, wanted), strict=True):
                bugs += bool(expectation.checks)
                found_with.update(row.found_with)
                alarms += row.alarms
                print("\n".join(row.lines), flush=True)
    worst = min(found_with[seed] for seed in seeds)
    if bugs:
        mean = found_with.total() / options.seeds
        print(f"\n{bugs} bugs: found {mean:.1f} on average, {worst} with the worst seed")
    print(f"{alarms} false alarms")
    return 1 if alarms or worst < ENOUGH * bugs else 0


def _keep_quiet() -> None:
    """What the applications log and print is not what is asked for."""
    logging.lastResort = None
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115


def _visited(expectation: expectations.Expectation, seeds: range, examples: int) -> Row:
    visits = [zoo.visit(expectation, seed, examples=examples) for seed in seeds]
    return Row(
        _lines(expectation, visits),
        [visit.seed for visit in visits if visit.bug] if expectation.checks else [],
        sum(len(visit.alarms) for visit in visits),
    )


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
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--only", default="", help="part of the application's name")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
