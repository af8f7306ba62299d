"""Writing values as MessagePack and CBOR (RFC 8949), without a library for either."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def msgpack(value: Any) -> bytes:
    """The value as MessagePack; integers over 64 bits as floats, as nothing else can say them."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return _msgpack_integer(value)
    if isinstance(value, float):
        return b"\xcb" + struct.pack(">d", value)
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        return _head(len(data), 0xA0, 31, (0xD9, 0xDA, 0xDB)) + data
    if isinstance(value, bytes):
        return _head(len(value), None, -1, (0xC4, 0xC5, 0xC6)) + value
    if isinstance(value, dict):
        return _head(len(value), 0x80, 15, (None, 0xDE, 0xDF)) + b"".join(
            msgpack(key) + msgpack(item) for key, item in value.items()
        )
    return _head(len(value), 0x90, 15, (None, 0xDC, 0xDD)) + b"".join(map(msgpack, value))


def _head(count: int, fixed: int | None, most: int, codes: tuple[int | None, int, int]) -> bytes:
    if fixed is not None and count <= most:
        return bytes([fixed | count])
    if codes[0] is not None and count < 2**8:
        return struct.pack(">BB", codes[0], count)
    if count < 2**16:
        return struct.pack(">BH", codes[1], count)
    return struct.pack(">BI", codes[2], count)


def _msgpack_integer(value: int) -> bytes:
    if 0 <= value < 128:
        return bytes([value])
    if -32 <= value < 0:
        return struct.pack(">b", value)
    if 0 <= value < 2**64:
        for code, layout, bits in ((0xCC, "B", 8), (0xCD, "H", 16), (0xCE, "I", 32)):
            if value < 2**bits:
                return struct.pack(">B" + layout, code, value)
        return struct.pack(">BQ", 0xCF, value)
    if value >= -(2**63) and value < 0:
        return struct.pack(">Bq", 0xD3, value)
    return b"\xcb" + struct.pack(">d", _as_float(value))


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def cbor(value: Any) -> bytes:
    """The value as CBOR."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _cbor_integer(value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogatepass")
        return _cbor_head(3, len(data)) + data
    if isinstance(value, bytes):
        return _cbor_head(2, len(value)) + value
    if isinstance(value, dict):
        return _cbor_head(5, len(value)) + b"".join(
            cbor(key) + cbor(item) for key, item in value.items()
        )
    return _cbor_head(4, len(value)) + b"".join(map(cbor, value))


def _cbor_head(major: int, count: int) -> bytes:
    if count < 24:
        return bytes([major << 5 | count])
    for code, layout, bits in ((24, "B", 8), (25, "H", 16), (26, "I", 32), (27, "Q", 64)):
        if count < 2**bits:
            return struct.pack(">B" + layout, major << 5 | code, count)
    raise OverflowError(f"CBOR has no count of {count}")


def _cbor_integer(value: int) -> bytes:
    if value >= 0 and value < 2**64:
        return _cbor_head(0, value)
    if value < 0 and -1 - value < 2**64:
        return _cbor_head(1, -1 - value)
    number = abs(value) if value >= 0 else -1 - value
    digits = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return (b"\xc2" if value >= 0 else b"\xc3") + _cbor_head(2, len(digits)) + digits


CODECS: dict[str, Callable[[Any], bytes]] = {"msgpack": msgpack, "cbor": cbor}
