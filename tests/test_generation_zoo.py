"""Bugs behind content, order or a server's answer are found without anything registered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from generation_zoo import applications, sequences_until_found

if TYPE_CHECKING:
    from collections.abc import Iterator

SEQUENCES = 100
ENOUGH = 0.95


@pytest.fixture
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.usefixtures("quiet")
def test_nearly_all_are_found_within_a_hundred_sequences(seed: int) -> None:
    found = {
        name: sequences_until_found(name, app, seed, SEQUENCES)[0] for name, app in applications([])
    }
    missed = [name for name, count in found.items() if count is None]
    assert len(found) >= 80
    assert len(missed) <= (1 - ENOUGH) * len(found), missed
