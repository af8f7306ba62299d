"""The same conversations through the simulator and through the real servers that it simulates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import unified_diff
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("websockets", reason="the client of the fidelity tests is not installed")

from fidelity import real, simulated
from fidelity.differences import DIFFERENCES, SOMETIMES
from fidelity.scenarios import HTTP, WEBSOCKET, Scenario
from fidelity.seen import Seen

pytestmark = pytest.mark.slow

NEEDS = {
    "uvicorn-websockets-sansio": ("uvicorn", "uvicorn.protocols.websockets.websockets_sansio_impl"),
    "uvicorn-websockets": ("uvicorn", "uvicorn.protocols.websockets.websockets_impl"),
    "uvicorn-wsproto": ("uvicorn", "wsproto"),
    "hypercorn": ("hypercorn",),
    "daphne": ("daphne",),
}
OVER_HTTP = {f"HTTP: {name}": scenario for name, scenario in HTTP.items()}
PAGE = Path(__file__).parents[2] / "docs" / "fidelity.md"


def missing(server: str) -> str | None:
    for module in NEEDS[server]:
        try:
            if find_spec(module) is None:
                return module
        except ModuleNotFoundError:
            return module
    return None


def compared(ports: dict[str, int], names: set[str]) -> dict[str, dict[str, list[str]]]:
    """For each server and scenario the lines of a diff, from the simulator to the server."""
    scenarios = chosen(WEBSOCKET, names), chosen(OVER_HTTP, names)
    each = real.converse_all(ports.values(), *scenarios)
    differences = {}
    for server, was in zip(ports, each, strict=True):
        would_be = simulated.converse_all(server.partition("-")[0], *scenarios)
        differences[server] = {name: difference(would_be[name], was[name]) for name in was}
    return differences


def chosen(scenarios: dict[str, Scenario], names: set[str]) -> dict[str, Scenario]:
    return {name: scenario for name, scenario in scenarios.items() if name in names}


def difference(simulated: Seen, real: Seen) -> list[str]:
    return list(unified_diff(simulated.lines(), real.lines(), "simulated", "real", lineterm=""))


@dataclass
class Comparison:
    ports: dict[str, int]
    differences: dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def comparison() -> Iterator[Comparison]:
    """All servers that are installed, and what differs on them."""
    with ExitStack() as stack:
        ports = {
            server: stack.enter_context(real.serving(server))
            for server in NEEDS
            if missing(server) is None
        }
        yield Comparison(ports, compared(ports, {*WEBSOCKET, *OVER_HTTP}))


@pytest.mark.parametrize("server", NEEDS)
def test_the_simulator_is_like_the_server_but_for_what_is_listed(
    server: str, comparison: Comparison
) -> None:
    absent = missing(server)
    if absent is not None:
        pytest.skip(f"{absent} is not installed")
    differences = comparison.differences[server]
    listed = {name for names in DIFFERENCES[server].values() for name in names}
    assert listed <= set(differences), "what is listed is the name of no scenario"
    doubtful = {name for names in SOMETIMES.get(server, {}).values() for name in names}
    odd = {name for name, lines in differences.items() if bool(lines) != (name in listed)}
    odd -= doubtful
    if odd:
        # A busy machine may be late; what is really different is different again.
        port = comparison.ports[server]
        differences = differences | compared({server: port}, odd)[server]
    strange = [
        "\n".join([name, *differences[name]])
        for name in odd
        if differences[name] and name not in listed
    ]
    assert not strange, "\n\n".join(["differs:", *strange])
    agreeing = [name for name in odd & listed if not differences[name]]
    assert not agreeing, "is listed, but does not differ"


def test_every_difference_is_in_the_documentation() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    tables = [*DIFFERENCES.values(), *SOMETIMES.values()]
    reasons = {reason for table in tables for reason in table}
    assert [reason for reason in sorted(reasons) if reason not in page] == []
