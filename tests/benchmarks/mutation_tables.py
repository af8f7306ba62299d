"""Which tests are named for a module, and which of its mutants no test can or should notice."""

from __future__ import annotations

from pathlib import Path

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
    "simulator/loop.py": (*LOOPS, "simulator/test_surroundings.py"),
    "simulator/selector.py": ("simulator/test_selector.py", *LOOPS),
    "simulator/wishes.py": LOOPS,
    "simulator/tasks.py": ("simulator/test_tasks.py", "simulator/test_upkeep.py", TALKS[2]),
    "simulator/upkeep.py": ("simulator/test_upkeep.py", "simulator/test_tasks.py"),
    "simulator/scope.py": ("simulator/test_scope.py", *TALKS[:0:-1]),
    "search/shrinking.py": SEARCHES,
    "search/survey.py": SEARCHES[::-1],
    "checks/advice.py": ("checks/test_advice.py", *CHECKS),
    "checks/frames.py": ("checks/test_frames.py", *CHECKS),
    **{
        f"checks/{name}.py": (f"checks/test_{name}.py", *CHECKS)
        for name in (
            *("access", "answers", "background", "catalogue", "course", "declared", "exceptions"),
            *("failures", "http", "judge", "leaks", "repeats", "violations", "waiting"),
        )
    },
    **{f"checks/{name}.py": CHECKS for name in ("context", "finding", "unexpected")},
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
