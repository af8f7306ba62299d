"""An application's appetite for memory."""

from __future__ import annotations

import sys

import pytest

from pytest_routes.simulator.memory import bounded_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bounded on Linux only")


def test_what_is_too_much_is_a_memory_error() -> None:
    with bounded_memory(256 * 2**20), pytest.raises(MemoryError):
        bytearray(512 * 2**20)


def test_what_is_not_too_much_is_had() -> None:
    with bounded_memory(256 * 2**20):
        assert len(bytearray(64 * 2**20)) == 64 * 2**20


def test_the_bound_ends_with_the_block() -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with bounded_memory(256 * 2**20):
        assert resource.getrlimit(resource.RLIMIT_AS) != before
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    assert len(bytearray(512 * 2**20)) == 512 * 2**20
