"""How many bugs of `tests/apps/generation` are reached, and after how many sequences.

    python tests/benchmarks/generation_zoo.py [--seeds 10] [--sequences 100] [NAME ...]

The search is the one that the plugin makes. Prints, for each application, in how many seeds its
bug was reached and the median number of sequences it took; then the share of all, and the time.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from generation_zoo import applications, sequences_until_found


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
