"""Whether the printed seed brings back the same shortest conversation, however it is run again.

    python tests/benchmarks/reproduction.py [--python EXECUTABLE ...] [APPLICATION ...]

Ten applications of `tests/apps/bugs`, each in a fresh copy: run once with a seed, then in ten ways
(other worker counts, selections, orders, environments, hash seeds, other test modules beside it),
with each of the given interpreters, in whose environments the plugin is installed. What is compared
are the steps in the replay files. Prints a line for each application; ends with status 1 when any
run found something else.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

APPS = Path(__file__).parents[1] / "apps" / "bugs"
NAMES = (
    *("missing_key", "not_json", "eighth_message", "empty_text", "over_32_kib"),
    *("close_1001", "in_finally", "hang_on_message", "after_an_hour", "silent_client"),
)
SEED = "20240229"
CONSTANTS = "\n".join(f"N{n} = {n * 7919 + 123_457}; T{n} = 'odd {n}'" for n in range(200))
WAYS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "again": ((), {}),
    "two workers": (("-n", "2"), {}),
    "by name": (("-k", "websocket"), {}),
    "by id": (("ID",), {}),
    "in a build": ((), {"CI": "1"}),
    "another hash seed": ((), {"PYTHONHASHSEED": "4711"}),
    "in random order": (("-p", "randomly"), {}),
    "beside other modules": (("OTHERS",), {}),
    "verbose": (("-vv",), {}),
    "without a traceback": (("--tb=no", "-q"), {}),
}


def found(python: str, name: str, way: str) -> dict[str, Any]:
    """The steps in the replay files of one run, by the files' names."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copy(APPS / f"{name}.py", folder / "shop.py")
        (folder / "pyproject.toml").write_text("")
        words, environment = WAYS[way]
        if "OTHERS" in words:
            (folder / "constants.py").write_text(CONSTANTS)
            (folder / "conftest.py").write_text("import constants\n")
            (folder / "test_other.py").write_text("import constants\ndef test(): pass\n")
        node = "pyproject.toml::" + _item(python, folder) if "ID" in words else ""
        options = [node if word == "ID" else word for word in words if word != "OTHERS"]
        if "randomly" not in words:
            options += ["-p", "no:randomly"]
        _pytest(python, folder, *options, **environment)
        files = (folder / ".pytest-routes").glob("*.json")
        return {file.name: json.loads(file.read_text())["steps"] for file in files}


def _item(python: str, folder: Path) -> str:
    listed = _pytest(python, folder, "--collect-only", "-q", "-p", "no:randomly")
    return next(line.partition("::")[2] for line in listed.splitlines() if "websocket[" in line)


def _pytest(python: str, folder: Path, *options: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    flags = ("--routes", "--routes-app", "shop:starlette_app", "--routes-websocket")
    done = subprocess.run(
        [python, "-m", "pytest", *flags, "--routes-seed", SEED, "-p", "no:cacheprovider", *options],
        cwd=folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", nargs="+", default=[sys.executable])
    parser.add_argument("names", nargs="*", default=NAMES, metavar="APPLICATION")
    given = parser.parse_args()
    runs = differing = 0
    for name in given.names:
        expected = found(given.python[0], name, "again")
        others = []
        for python in given.python:
            for way in WAYS:
                runs += 1
                if not expected or found(python, name, way) != expected:
                    others.append(f"{way} ({python})")
        differing += len(others)
        steps = " + ".join(str(len(steps)) for steps in expected.values())
        told = "; ".join(others) or "the same each time"
        print(f"{name:<20}{len(expected)} found in {steps} steps: {told}", flush=True)
    print(f"{runs} runs, {differing} of them found something else")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
