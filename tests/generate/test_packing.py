from __future__ import annotations

from typing import Any

import msgspec
import pytest

from pytest_routes.generate.packing import cbor, msgpack

VALUES = [
    None, True, False, 0, 1, 23, 24, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63,
    2**64 - 1, -1, -24, -25, -32, -33, -129, -(2**31), -(2**63), 0.0, -1.5, 1e300, "", "a", "é😀",
    "a" * 31, "a" * 32, "a" * 255, "a" * 256, "a" * 65536, b"", b"\x00\xff", b"a" * 300,
    [], [1, [2, [3]]], list(range(15)), list(range(16)), [None] * 65536,
    {}, {"a": {"b": [1, "x", None]}}, {str(n): n for n in range(16)},
    {str(n): n for n in range(300)},
]  # fmt: skip


def name(value: Any) -> str:
    return repr(value)[:20]


@pytest.mark.parametrize("value", VALUES, ids=name)
def test_messagepack_is_read_as_what_was_written(value: Any) -> None:
    assert msgspec.msgpack.decode(msgpack(value)) == value


@pytest.mark.parametrize("value", [*VALUES, 2**64, -(2**64), 10**400, -(10**400)], ids=name)
def test_cbor_is_read_as_what_was_written(value: Any) -> None:
    cbor2 = pytest.importorskip("cbor2")
    assert cbor2.loads(cbor(value)) == value


@pytest.mark.parametrize(("value", "read"), [(2**64, 2.0**64), (10**400, float("inf"))], ids=name)
def test_messagepack_says_integers_over_64_bits_as_floats(value: int, read: float) -> None:
    assert msgspec.msgpack.decode(msgpack(value)) == read
    assert msgspec.msgpack.decode(msgpack(-value)) == -read
