"""What may import what, and what a run of pytest without route tests pays for."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.api import read_configuration
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pytest_routes"
SOURCES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ("pydantic", "hypothesis", "starlette", "fastapi", "litestar", "tomli")
CONFIGURATION = "config"
PYTEST_OWN_OPTIONS = {"tbstyle", "tx"}
HYPOTHESIS_OPTIONS = frozenset(
    {"--hypothesis-profile", "--hypothesis-seed", "--hypothesis-show-statistics"}
)
"""How pytest prints, and whether xdist spreads the run: no options of ours."""


PUTS_BACK = "simulator/surroundings.py"
"""Puts back what the application under test has changed of the process, whatever it is."""


def _name(source: Path) -> str:
    return source.relative_to(PACKAGE).as_posix()


def _tree(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def _imported(source: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: a relative import"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def _modules_after(statement: str) -> set[str]:
    program = (
        "import json, sys; import pytest; before = set(sys.modules); "
        f"{statement}; print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_contracts_of_the_layout_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0, (
        capsys.readouterr().out
    )


def test_every_part_of_the_package_is_named_in_the_contract_of_the_simulator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    parts = {
        f"pytest_routes.{entry.stem}"
        for entry in PACKAGE.iterdir()
        if (entry.suffix == ".py" and entry.stem != "__init__") or (entry / "__init__.py").is_file()
    }
    contracts = read_configuration("pyproject.toml")["contracts_options"]
    simulator = next(
        each for each in contracts if "pytest_routes.simulator" in each["source_modules"]
    )
    assert parts - {"pytest_routes.simulator"} <= set(simulator["forbidden_modules"])


def test_the_checks_see_of_the_simulator_only_what_was_said_and_the_rules() -> None:
    seen = {
        name
        for source in (PACKAGE / "checks").glob("*.py")
        for name in _imported(source)
        if name.startswith("pytest_routes.") and not name.startswith("pytest_routes.checks")
    }
    allowed = (
        "pytest_routes.simulator.transcript",
        "pytest_routes.simulator.conversation",
        "pytest_routes.simulator.rules",
        "pytest_routes.simulator.steady",
        "pytest_routes.routes.model",
    )
    stray = {
        name for name in seen if not name.startswith(allowed) and name != "pytest_routes.simulator"
    }
    assert stray == set()


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_only_the_configuration_reads_options_environment_and_toml(source: Path) -> None:
    if _name(source).partition("/")[0] == CONFIGURATION or _name(source) == PUTS_BACK:
        return
    assert not _imported(source) & {"tomli", "tomllib", "pydantic_settings"}
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            read = f"{node.value.id}.{node.attr}"
            assert read not in ("os.environ", "os.getenv"), f"line {node.lineno}: {read}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr not in ("getoption", "getvalue"):
                continue
            option = node.args[0]
            assert isinstance(option, ast.Constant), f"line {node.lineno}"
            assert option.value in PYTEST_OWN_OPTIONS | HYPOTHESIS_OPTIONS, (
                f"line {node.lineno}: {option.value}"
            )


@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_no_module_imports_a_framework_unless_it_adapts_to_it(source: Path) -> None:
    frameworks = {name.partition(".")[0] for name in _imported(source)} & {"fastapi", "litestar"}
    if _name(source).startswith("routes/"):
        return
    assert frameworks == set()


@pytest.mark.parametrize("module", ["pytest_routes", "pytest_routes.plugin"])
def test_the_plugin_of_a_run_without_route_tests_is_light(module: str) -> None:
    assert _modules_after(f"import {module}").isdisjoint(HEAVY)


def test_the_frameworks_are_optional() -> None:
    everything = "import pytest_routes.session, pytest_routes.run, pytest_routes.search"
    imported = _modules_after(everything)
    assert imported.isdisjoint({"fastapi", "litestar"})


def test_pytest_without_route_tests_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("def test(): pass\n", encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_unconfigure():\n"
        f"    print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:hypothesispytest", "-p", "no:randomly"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert "HEAVY []" in done.stdout, done.stdout + done.stderr


def test_hypothesis_is_not_imported_before_a_strategy_has_to_be_drawn() -> None:
    program = (
        "import sys, pytest_routes.session, pytest_routes.websocket.examine, "
        "pytest_routes.http.examine, pytest_routes.generate.registered; "
        "print([name for name in sys.modules if name.partition('.')[0] == 'hypothesis'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
