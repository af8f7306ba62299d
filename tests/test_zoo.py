"""The applications of `tests/apps`: their bugs are found, and nothing else is."""

from __future__ import annotations

from collections import Counter

import pytest
import zoo
from apps.expectations import BUGS, CORRECT, FRAMEWORKS, SAMPLES, ZOO, Expectation

SEED = 1


def _name(expectation: Expectation) -> str:
    return expectation.app.removeprefix("apps.")


def test_the_zoo_is_large_and_even() -> None:
    assert len(FRAMEWORKS) == 4
    for table, least in ((BUGS, 20), (ZOO, 15), (CORRECT, 8)):
        frameworks = Counter(expectation.framework for expectation in table)
        assert len(frameworks) == 4
        assert min(frameworks.values()) >= least, frameworks


# What takes several seconds: the watchdog's time, a real time-out, a flood.
_SLOW = frozenset(
    {
        "bugs.sleeps:fastapi_app",
        "bugs.sleeps:litestar_app",
        "bugs.spins:starlette_app",
        "bugs.spins:litestar_app",
        "zoo.flood:fastapi_app",
        "zoo.never_notices:starlette_app",
        "zoo.spins_after_disconnect:litestar_app",
        "zoo.spins_after_disconnect:starlette_app",
    }
)


# They walk a set of connections, whose order is that of addresses: a seed is no promise there.
_BY_ADDRESSES = frozenset({"zoo.broadcast_mutates:starlette_app"})


def _known(expectation: Expectation) -> object:
    marks = []
    if _name(expectation) in _SLOW:
        marks.append(pytest.mark.slow)
    return pytest.param(expectation, marks=marks, id=_name(expectation))


@pytest.mark.parametrize("expectation", [_known(expectation) for expectation in BUGS])
def test_a_common_bug_is_found_with_its_shortest_conversation(expectation: Expectation) -> None:
    visit = zoo.visit(expectation, SEED)
    assert visit.bug is not None, [found.finding.check for found in visit.found]
    assert visit.longer == ""
    assert _told(visit) == []


@pytest.mark.parametrize("expectation", [_known(expectation) for expectation in ZOO])
def test_a_bug_of_the_trackers_is_found(expectation: Expectation) -> None:
    # With one seed in some twenty a bug is missed; `benchmarks/zoo.py` tells the share.
    seeds = 4 if _name(expectation) in _BY_ADDRESSES else 2
    for seed in range(SEED, SEED + seeds):
        visit = zoo.visit(expectation, seed)
        if visit.bug is not None:
            break
    assert visit.bug is not None, [found.finding.check for found in visit.found]
    assert _told(visit) == []


@pytest.mark.parametrize("expectation", CORRECT, ids=_name)
def test_nothing_is_found_in_a_correct_application(expectation: Expectation) -> None:
    visit = zoo.visit(expectation, SEED, examples=50)
    assert _told(visit) == []
    assert visit.connections > 0
    assert visit.messages > 0


@pytest.mark.parametrize("expectation", SAMPLES, ids=_name)
def test_a_newcomers_application_passes(expectation: Expectation) -> None:
    visit = zoo.visit(expectation, SEED, examples=50)
    assert _told(visit) == []
    assert not [found for found in visit.found if found.finding.severity == "error"]


@pytest.mark.filterwarnings("error::hypothesis.errors.HypothesisDeprecationWarning")
def test_an_application_that_uses_random_makes_hypothesis_warn_of_nothing() -> None:
    (dice,) = (each for each in ZOO if each.app == "apps.zoo.number_in_command:starlette_app")
    assert zoo.visit(dice, SEED).bug is not None


def _told(visit: zoo.Visit) -> list[str]:
    return [f"{found.finding.check}: {found.finding.message}" for found in visit.alarms]
