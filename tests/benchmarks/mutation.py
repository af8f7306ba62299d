"""Whether the tests notice when the package changes: mutation testing, one module at a time.

    python tests/benchmarks/mutation.py [MODULE ...] [--sample N] [--seed S]

Each mutant changes one expression or statement of a module, in a copy of the package. The tests
that are named for the module run against it, in a process forked from one that has imported the
libraries and nothing of the package. Survivors are printed as `module:line  original -> mutant`,
unless `mutation_explained.txt` says why no test can or should notice.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from mutants import mutants

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("pytest_routes", "tests", "pyproject.toml")
MOST_MEMORY = 6 * 1024**3
CHECKS = ("checks",)
TALKS = ("simulator/test_connection.py", "simulator/test_profiles.py", "simulator/test_server.py")
LOOPS = ("simulator/test_loop.py", "simulator/test_server.py", "simulator/test_schedule.py")
SEARCHES = ("search/test_shrinking.py", "search/test_search.py")
TESTS: dict[str, tuple[str, ...]] = {
    "simulator/contents.py": (TALKS[0], "simulator/test_rules.py", TALKS[1]),
    "simulator/inbox.py": TALKS,
    "simulator/backlog.py": ("simulator/test_backlog.py", TALKS[0]),
    "simulator/rules.py": ("simulator/test_rules.py", "simulator/test_exchange.py", *TALKS[:2]),
    "simulator/connection.py": TALKS,
    "simulator/exchange.py": ("simulator/test_exchange.py", "simulator/test_rules.py", TALKS[1]),
    "simulator/loop.py": (*LOOPS, "simulator/test_tasks.py", "simulator/test_surroundings.py"),
    "simulator/selector.py": ("simulator/test_selector.py", *LOOPS),
    "simulator/wishes.py": ("simulator/test_wishes.py", *LOOPS),
    "simulator/tasks.py": ("simulator/test_tasks.py", "simulator/test_upkeep.py", TALKS[2]),
    "simulator/upkeep.py": ("simulator/test_upkeep.py", "simulator/test_tasks.py"),
    "simulator/ctrl_c.py": ("simulator/test_ctrl_c.py",),
    "simulator/usage.py": ("simulator/test_usage.py", TALKS[2]),
    "simulator/watchdog.py": (TALKS[2], "simulator/test_usage.py", "simulator/test_loop.py"),
    "simulator/lifespan.py": ("simulator/test_lifespan.py",),
    "simulator/memory.py": ("simulator/test_bounded_memory.py",),
    "simulator/schedule.py": ("simulator/test_schedule.py", "simulator/test_loop.py"),
    "simulator/surroundings.py": ("simulator/test_surroundings.py",),
    "simulator/observers.py": ("simulator/test_observers.py", TALKS[2]),
    "simulator/closing.py": ("simulator/test_closing.py", "checks/test_failures.py"),
    "simulator/profiles.py": (TALKS[1], TALKS[0]),
    "simulator/server.py": (TALKS[2], "simulator/test_ctrl_c.py"),
    "simulator/workers.py": ("simulator/test_workers.py", TALKS[2]),
    "simulator/scope.py": ("simulator/test_scope.py", *TALKS[:0:-1]),
    "search/shrinking.py": SEARCHES,
    "search/survey.py": SEARCHES[::-1],
    "search/trails.py": ("search/test_trails.py",),
    "search/hunt.py": SEARCHES[::-1],
    "checks/advice.py": ("checks/test_advice.py", *CHECKS),
    "checks/frames.py": ("checks/test_frames.py", *CHECKS),
    **{
        f"checks/{name}.py": (f"checks/test_{name}.py", *CHECKS)
        for name in (
            *("access", "answers", "background", "catalogue", "course", "declared", "exceptions"),
            *(
                "failures",
                "http",
                "judge",
                "leaks",
                "repeats",
                "unexpected",
                "violations",
                "waiting",
            ),
        )
    },
    **{f"checks/{name}.py": CHECKS for name in ("context", "finding")},
}


def explained() -> dict[str, set[str]]:
    """The survivors of each module that `mutation_explained.txt` gives a reason for: a line with
    the module and the reason, and below it the survivors as they are printed."""
    told: dict[str, set[str]] = {}
    module = ""
    for line in Path(__file__).with_name("mutation_explained.txt").read_text("utf-8").splitlines():
        if line.startswith(" "):
            told[module].add(line.strip())
        else:
            module = line.partition(":")[0]
            told.setdefault(module, set())
    return told


def _run_here(tests: tuple[str, ...], report: Path | None) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    if report is None:
        # Two mutants may have the size and the second in common: their code must not be kept.
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    options = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--basetemp=made")
    code = pytest.main([*options, *(f"tests/{test}" for test in tests)])
    if report is not None:
        here = str(Path.cwd())
        used = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
        assert str(used["pytest_routes"]).startswith(here), "not the copy was tested"
        found = (name for name, file in used.items() if file and not file.startswith(here))
        report.write_text("\n".join(found), encoding="utf-8")
    os._exit(code)


def run_tests(tests: tuple[str, ...], seconds: float, report: Path | None = None) -> int:
    """The exit code of pytest in a process of its own; -1 when its time was up."""
    child = os.fork()
    if child == 0:
        try:
            _run_here(tests, report)
        finally:
            os._exit(3)  # nothing may come back into the parent's code
    deadline = time.monotonic() + seconds
    ended, status = 0, 0
    while not ended and time.monotonic() < deadline:
        time.sleep(0.01)
        ended, status = os.waitpid(child, os.WNOHANG)
    with suppress(ProcessLookupError):  # what a test has started ends with it
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if ended else -1


def examine(module: str, sample: int, seed: int) -> None:
    """Run the mutants of one module and tell which survive."""
    file = Path("pytest_routes", module)
    source, report = file.read_bytes(), Path("imported.txt")
    for attempt in range(2):  # the first one fills the caches
        began = time.monotonic()
        if run_tests(TESTS[module], 120, report):
            raise SystemExit(f"{module}: its tests fail without any change")
        took = time.monotonic() - began
        for name in report.read_text(encoding="utf-8").splitlines() if not attempt else ():
            with suppress(ImportError):  # a part of another module, not one by itself
                import_module(name)
    assert threading.active_count() == 1, "a thread would not survive the fork"
    gc.freeze()
    for compiled in file.parent.glob(f"__pycache__/{file.stem}.*"):
        compiled.unlink()
    tried = sorted(mutants(source), key=lambda each: each.line)
    if 0 < sample < len(tried):
        tried = sorted(random.Random(seed).sample(tried, sample), key=lambda each: each.line)
    reasons = explained().get(module, set())
    killed = known = 0
    for mutant in tried:
        told = f"{mutant.original} -> {mutant.changed}"
        if told in reasons:
            known += 1
            continue
        file.write_bytes(mutant.source)
        if run_tests(TESTS[module], 3 * took + 3):
            killed += 1
        else:
            print(f"{module}:{mutant.line}  {told}", flush=True)
    file.write_bytes(source)
    share = 100 * killed / max(1, len(tried) - known)
    told = f"{len(tried)} mutants, {killed} killed, {known} explained: {share:.0f} % killed"
    print(f"== {module}: {told}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*", help="as in simulator/rules.py; all of the table")
    parser.add_argument("--sample", type=int, default=0, help="mutants per module; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, Path(temporary, name))
        os.chdir(temporary)
        sys.path.insert(0, str(Path.cwd()))
        os.environ |= {"PYTHONPATH": str(Path.cwd()), "PYTHONHASHSEED": "0"}
        for module in given.modules or TESTS:
            examine(module, given.sample, given.seed)
        os.chdir(ROOT)


if __name__ == "__main__":
    main()
