"""The declared lower bounds as exact requirements: `pytest>=8.4` becomes `pytest==8.4`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

# What the smoke test needs beside the dependencies of the package.
TESTS = ("pytest-xdist", "import-linter")


def lowest(requirement: str) -> str:
    name, bound = re.fullmatch(r"([\w.\-\[\]]+)>=([\w.]+)", requirement).groups()
    return f"{name}=={bound}"


project = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
for requirement in (*project["dependencies"], *extras["fastapi"], *extras["litestar"]):
    print(lowest(requirement))
print("\n".join(TESTS))
