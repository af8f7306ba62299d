"""Terminal blocks of the documentation: recorded from commands that the tests run again.

In a Markdown file of the project, a comment before a block says what the block is:

    <!-- file: app.py -->                               the block is a file
    <!-- recorded -->                                   ran where the files so far are
    <!-- recorded in config_examples/chat, exit 1 -->   ran in a copy of that folder

Lines of a recorded block that begin with `$ ` are commands; what follows is their output.
`python tests/recorded.py FILE...` writes the outputs anew (all files when none is named).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
EXAMPLES = "config_examples"
_WIDTH = "90"
_HOME = "/home/you"
_MARK = re.compile(
    r"^<!-- (?:file: (?P<file>\S+)|(?P<recorded>recorded)(?: in (?P<folder>[^,\s]+))?"
    r"(?:, exit (?P<exit>\d+))?) -->$"
)
_SEEN_AGAIN = (
    "PYTEST_",
    "CI",
    "BUILD_NUMBER",
    "FORCE_COLOR",
    "PY_COLORS",
    "HYPOTHESIS",
    "COLUMNS",
    "GITHUB_",
)
_PLUGINS = ("routes-", "hypothesis-", "anyio-")

# What may differ from one machine, version or run to the next, and is not what is shown.
_VARIES: tuple[tuple[str, str], ...] = (
    (r"^platform .*$", "platform ..."),
    (r"^rootdir: .*$", "rootdir: ..."),
    (r"^(?:plugins: .*|cachedir: .*|hypothesis profile .*)\n", ""),
    (r"(\d[\d,]*) (messages?|requests?|sequences? with)\b", r"N \2"),
    (r"^(Messages sent|Connections established|Warnings): [\d,]+", r"\1: N"),
    (r"^(Connections refused): [\d,]+", r"\1: N"),
    (r"\b([1-5]xx) [\d,]+", r"\1 N"),
    (r"\b[\d,]+ (with (?:close code|HTTP) )", r"N \1"),
    (r"\bin \d+\.\d+ ?s\b", "in N s"),
    (r"^((?:[A-Z]+ )?/\S*)(?:  +.*)?  +[\d,]+$", r"\1  N"),  # a row of a table
    (r"(routes\.(?:messages_sent|connections)', ')\d+", r"\1N"),
    (r"elapsed_time_ms: \S+", "elapsed_time_ms: N"),
    (r"(seen in \w+) [\d,]+", r"\1 N"),
    (r"(\.pytest-routes/\S+?)-[0-9a-f]{8}\.json", r"\1.json"),
    (r"\(inside (\S+):\d+, in \w+\)", r"(inside \1)"),
    (r"={3,}", "==="),
    (r"_{3,}", "___"),
    (r"-{3,}", "---"),
    (r"[ ]+(\[ *\d+%\])", r" \1"),
    (r"^Slowest: .*\n", ""),
    (r"[ \t]+$", ""),
)


@dataclass(slots=True)
class Block:
    """A recorded block of a document."""

    document: Path
    line: int
    """Of the opening fence, counted from 1."""
    commands: list[str]
    output: str
    """What stands between the fences."""
    exit: int
    folder: str | None
    files: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"

    def run(self) -> tuple[str, int]:
        """Run the commands in a fresh copy; what the block should say, and the exit code of
        the last command."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary).resolve() / (Path(self.folder).name if self.folder else "app")
            if self.folder is not None:
                shutil.copytree(ROOT / self.folder, folder, ignore=_leftovers)
            for name, text in self.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
            lines: list[str] = []
            code = 0
            for command in self.commands:
                done = subprocess.run(
                    ["bash", "-c", command],
                    cwd=folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                    timeout=300,
                )
                code = done.returncode
                printed = _presentable(done.stdout, folder)
                lines += [f"$ {command}", *printed.rstrip().splitlines()]
            return "\n".join(line.rstrip() for line in lines) + "\n", code


def _leftovers(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name.startswith((".", "__pycache__")) or name == "README.md"}


def _environment() -> dict[str, str]:
    """The user's environment: pytest is the one beside this Python, and nothing else shows."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(_SEEN_AGAIN)
    }
    here = str(Path(sys.executable).parent)
    return environment | {
        "PATH": f"{here}{os.pathsep}{environment.get('PATH', os.defpath)}",
        "COLUMNS": _WIDTH,
        "PYTEST_ADDOPTS": "-p no:randomly -p no:faker -p no:cov -p no:cacheprovider",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _presentable(text: str, folder: Path) -> str:
    """Without the recording machine: its folders, and plugins that have nothing to do with it."""
    text = text.replace(str(folder), f"{_HOME}/{folder.name}").replace(str(ROOT), _HOME)

    text = re.sub(r"^(platform .*) -- /\S+$", rf"\1 -- {_HOME}/.venv/bin/python", text, flags=re.M)

    def fewer(match: re.Match[str]) -> str:
        told = [name for name in match[1].split(", ") if name.startswith(_PLUGINS)]
        return f"plugins: {', '.join(sorted(told))}"

    return re.sub(r"^plugins: (.*)$", fewer, text, flags=re.MULTILINE)


def comparable(text: str) -> str:
    """A block with what varies put aside."""
    for pattern, replacement in _VARIES:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


def documents() -> list[Path]:
    """Every Markdown file that may have recorded blocks."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / EXAMPLES).rglob("*.md")]
    return sorted(path for path in found if path.is_file() and "_build" not in path.parts)


def blocks(document: Path) -> Iterator[Block]:
    """The recorded blocks of a document, in order."""
    files: dict[str, str] = {}
    lines = document.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        mark = _MARK.match(line)
        if mark is None:
            continue
        assert lines[number + 1].startswith("```"), f"{document}:{number + 2}: no block follows"
        end = lines.index("```", number + 2)
        inside = "\n".join(lines[number + 2 : end]) + "\n"
        if mark["file"]:
            files[mark["file"]] = inside
            continue
        commands = [each[2:] for each in inside.splitlines() if each.startswith("$ ")]
        yield Block(
            document=document,
            line=number + 2,
            commands=commands,
            output=inside,
            exit=int(mark["exit"] or 0),
            folder=mark["folder"],
            files={} if mark["folder"] else dict(files),
        )


def record(document: Path) -> None:
    """Write the outputs of a document's blocks anew."""
    lines = document.read_text(encoding="utf-8").splitlines()
    for block in reversed(list(blocks(document))):
        text, code = block.run()
        if code != block.exit:
            raise SystemExit(f"{block.name}: exit code {code}, not {block.exit}\n{text}")
        end = lines.index("```", block.line)
        lines[block.line : end] = text.splitlines()
        print(f"{block.name}: recorded")
    document.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for path in [Path(name).resolve() for name in sys.argv[1:]] or documents():
        record(path)
