"""How much later `pytest` without route tests starts because the plugin is installed.

    python tests/benchmarks/startup.py [RUNS]

Both sides run in turn, on a project with one test that does nothing: with the plugin, and with
`-p no:pytest-routes`. Told are the time on the clock and that of the processor; what else the
machine does adds to the first one.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 0.020
SIDES = {"with the plugin": (), "without it": ("-p", "no:pytest-routes")}


def seconds(folder: Path, options: tuple[str, ...]) -> tuple[float, float]:
    """What one run takes: on the clock, and of the processor."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    before, began = _used(), time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return took, _used() - before


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main(runs: int) -> None:
    times: dict[str, list[tuple[float, float]]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "test_nothing.py").write_text("def test(): pass\n", encoding="utf-8")
        (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
        for number in range(runs + 1):
            for side, options in SIDES.items():
                took = seconds(folder, options)
                if number:  # the first pair fills the caches of the file system
                    times[side].append(took)
    print(f"{'median of ' + str(runs) + ' runs':<20}{'clock':>10}{'processor':>14}")
    medians = []
    for side, taken in times.items():
        clock, processor = (1000 * statistics.median(each) for each in zip(*taken, strict=True))
        medians.append((clock, processor))
        print(f"{side:<20}{clock:>7.1f} ms{processor:>11.1f} ms")
    (one, used), (other, used_without) = medians
    print(f"{'later by':<20}{one - other:>7.1f} ms{used - used_without:>11.1f} ms")
    met = min(one - other, used - used_without) <= 1000 * TARGET
    print(f"target: at most {1000 * TARGET:.0f} ms: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
