"""Whether the tests notice when the package changes: mutation testing, one module at a time.

    python tests/benchmarks/mutation.py [MODULE ...] [--sample N] [--seed S]

Each mutant changes one expression or statement of a module, in a copy of the package. The tests
that are named for the module run against it, in a process forked from one that has imported the
libraries and nothing of the package. Survivors are printed as `module:line  original -> mutant`,
unless `mutation_explained.txt` says why no test can or should notice.
"""

from __future__ import annotations

import argparse
import ast
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
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from mutation_tables import TESTS, explained

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("pytest_routes", "tests", "pyproject.toml")
MOST_MEMORY = 6 * 1024**3
_PAIRS: tuple[tuple[type[ast.AST], type[ast.AST]], ...] = (
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.And, ast.Or),
)
OPPOSITE: dict[type[ast.AST], Any] = dict(_PAIRS) | {other: one for one, other in _PAIRS}


class Mutant(NamedTuple):
    line: int
    original: str
    changed: str
    source: bytes


def changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What is replaced at a node, and by which text."""
    match node:
        case ast.Compare():
            for index, op in enumerate(node.ops):
                ops = [*node.ops[:index], OPPOSITE[type(op)](), *node.ops[index + 1 :]]
                yield node, ast.unparse(ast.Compare(node.left, ops, node.comparators))
        case ast.BoolOp():
            yield node, f"({ast.unparse(ast.BoolOp(OPPOSITE[type(node.op)](), node.values))})"
        case ast.UnaryOp(op=ast.Not()):
            yield node, f"({ast.unparse(node.operand)})"
        case ast.Constant(value=bool()):
            yield node, str(not node.value)
        case ast.Constant(value=int() | float() as number):
            yield from ((node, repr(number + step)) for step in (1, -1))
        case ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            yield node, "return None"
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield node, "pass"
        case ast.Call(func=ast.Name(id="min" | "max" as name)):
            yield node.func, "max" if name == "min" else "min"
        case ast.arguments():
            for default in (*node.defaults, *node.kw_defaults):
                if isinstance(default, ast.Constant) and default.value in (None, ""):
                    yield default, "0" if default.value is None else "'other'"
    tests = [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []
    tests += node.ifs if isinstance(node, ast.comprehension) else []
    for test in tests:
        yield from ((test, text) for text in ("True", "False") if ast.unparse(test) != text)


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Everything that runs: neither annotations nor decorators nor what is for type checkers.
    The parts of an f-string have no positions before Python 3.12."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or isinstance(node, ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walk(child)


def _on_one_line(code: bytes) -> str:
    return " ".join(code.decode().split())


def mutants(source: bytes) -> Iterator[Mutant]:
    lines = source.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    for node in walk(ast.parse(source)):
        for place, text in changes(node):
            assert isinstance(place, ast.expr | ast.stmt)
            assert place.end_lineno is not None
            assert place.end_col_offset is not None
            begin = starts[place.lineno - 1] + place.col_offset
            end = starts[place.end_lineno - 1] + place.end_col_offset
            changed = source[:begin] + text.encode() + source[end:]
            first = starts[place.lineno - 1]
            rest = len(lines[place.end_lineno - 1]) - place.end_col_offset
            after = begin + len(text.encode()) + rest
            told = _on_one_line(source[first : end + rest]), _on_one_line(changed[first:after])
            yield Mutant(place.lineno, *told, changed)


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
