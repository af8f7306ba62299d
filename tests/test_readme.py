"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from recorded import ROOT

from pytest_routes.checks.catalogue import CATALOGUE
from pytest_routes.config.catalogue import catalogue

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_SCREEN = README.partition("\n## ")[0]


def test_the_first_screen_has_two_commands_that_set_everything_up() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", FIRST_SCREEN, re.DOTALL)
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)
    assert all(command.startswith("python3 -m venv .venv && ") for command in commands)


def test_the_table_of_checks_has_every_check_with_its_default() -> None:
    told: dict[str, str] = {}
    for names, severity in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (\w+) \|", README, re.MULTILINE):
        told.update(dict.fromkeys(re.findall(r"`(\w+)`", names), severity))
    assert told == {name: check.severity for name, check in CATALOGUE.items()}


def test_every_flag_and_key_that_is_named_exists() -> None:
    flags = {entry.option.flag for entry in catalogue().values()} | {"--routes-show-config"}
    named = set(re.findall(r"--routes[a-z-]*", README))
    assert named <= flags
    variables = set(re.findall(r"PYTEST_ROUTES_\w+", README))
    assert variables <= {entry.variable for entry in catalogue().values()}


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`((?:docs|config_examples)/[\w/.]*)`", README)))
)
def test_every_file_that_is_named_exists(name: str) -> None:
    generated = {"docs/options.md"}
    assert name in generated or (ROOT / name).exists()


def test_the_registration_that_is_shown_works() -> None:
    sample = README.partition("## Messages of your own")[2]
    code = sample.partition("```python\n")[2].partition("```")[0]
    from pytest_routes.websocket import unregister_message_strategy

    exec(compile(code, str(Path("README.md")), "exec"), {})
    unregister_message_strategy("/ws/game/*", "json")
