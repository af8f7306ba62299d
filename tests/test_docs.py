"""The documentation builds without a warning, and its reference names everything."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from recorded import ROOT

from pytest_routes.checks.catalogue import CHECKS
from pytest_routes.config.catalogue import catalogue
from pytest_routes.simulator.profiles import PROFILES, ServerProfile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def tables() -> object:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import tables
    finally:
        sys.path.remove(str(ROOT / "docs"))
    return tables


def test_the_reference_has_every_option_with_its_flag_variable_and_default(tables) -> None:
    text = tables.options()
    for entry in catalogue().values():
        section = text.partition(f"### `{entry.key}`\n")[2].partition("\n### ")[0]
        assert f"`{entry.variable}`" in section
        assert entry.option.flag in section
        assert "- Default: `" in section


def test_the_reference_has_every_check_with_what_to_do(tables) -> None:
    text = tables.checks()
    for check in CHECKS:
        section = text.partition(f"## `{check.name}`\n")[2].partition("\n## ")[0]
        assert f"default: `{check.severity}`" in section
        assert check.fix in section


def test_the_table_of_servers_has_every_difference(tables) -> None:
    rows = tables.profiles().splitlines()
    assert rows[0] == f"| | {' | '.join(PROFILES)} |"
    assert len(rows) - 2 == len(ServerProfile.__dataclass_fields__) - 1


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("sphinx", reason="the extra docs is not installed")
    pytest.importorskip("myst_parser")
    pytest.importorskip("furo")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "docs", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "websocket.max_messages" in (tmp_path / "options.html").read_text(encoding="utf-8")
