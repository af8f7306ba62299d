"""Texts and bytes as JSON: readable, compact, and without secrets.

    a text                 "text", or a list of pieces
    bytes                  {"base64": "..."}, or {"bytes": [pieces]}
    a piece of a text      "text"
    a piece of bytes       {"base64": "..."}
    a repetition           {"repeat": piece, "times": 40000}
    what is long           {"zlib": "..."}: Base64 of the compressed UTF-8 or bytes
    a secret               {"secret": 0, "form": "plain"}: which of the run's secrets, and
                           how it is encoded (`redaction.FORMS`)

Secrets are filled in again from the configuration when the file is read.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import TYPE_CHECKING, Any, AnyStr

from pytest_routes.report.redaction import FORMS, NOTHING_SECRET, Hidden, Redaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_REPEATED = 64
"""Characters from which on a repetition is written as one."""
_LONG = 2_048
_RUN = re.compile(r"(.{1,8}?)\1{15,}", re.DOTALL)
_RUN_OF_BYTES = re.compile(rb"(.{1,8}?)\1{15,}", re.DOTALL)
_LARGEST = 64 * 2**20
"""Bytes that one text may have when it is unpacked: a file may come from anywhere."""


class BadPayload(ValueError):
    """The value does not have the documented form; the message says what was expected."""


def pack(data: str | bytes, redact: Redaction = NOTHING_SECRET) -> Any:
    """A text or bytes as a value that JSON can hold."""
    if isinstance(data, str):
        pieces = [piece for part in redact.split(data) for piece in _pieces(part)]
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], str) else pieces
    pieces = [piece for part in redact.split(data) for piece in _pieces(part)]
    return pieces[0] if len(pieces) == 1 and "base64" in pieces[0] else {"bytes": pieces}


def unpack(value: Any, secrets: Sequence[str] = ()) -> str | bytes:
    """What `pack` was given. Raises `BadPayload`."""
    if isinstance(value, dict) and set(value) <= {"base64", "bytes"} and value:
        pieces = value.get("bytes", [value])
        return b"".join(_piece(piece, b"", secrets) for piece in _list(pieces))
    pieces = [value] if isinstance(value, str) else value
    return "".join(_piece(piece, "", secrets) for piece in _list(pieces))


def unpack_text(value: Any, secrets: Sequence[str] = ()) -> str:
    """What `pack` was given, if it was a text. Raises `BadPayload`."""
    text = unpack(value, secrets)
    if isinstance(text, bytes):
        raise BadPayload("expected a text, got bytes")
    return text


def _pieces(part: str | bytes | Hidden) -> Iterator[Any]:
    if isinstance(part, Hidden):
        yield {"secret": part.secret, "form": part.form}
        return
    end = 0
    for start, stop, unit in runs(part):
        if start > end:
            yield _literal(part[end:start])
        yield {"repeat": _literal(unit), "times": (stop - start) // len(unit)}
        end = stop
    if end < len(part) or not part:
        yield _literal(part[end:])


def runs(data: str | bytes) -> Iterator[tuple[int, int, str | bytes]]:
    """Where `data` repeats a short piece many times: start, end, and the piece."""
    matches: Iterator[re.Match[str] | re.Match[bytes]]
    matches = _RUN.finditer(data) if isinstance(data, str) else _RUN_OF_BYTES.finditer(data)
    for match in matches:
        if match.end() - match.start() >= _REPEATED:
            yield match.start(), match.end(), match[1]


def _literal(data: str | bytes) -> Any:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > _LONG:
        packed = _base64(zlib.compress(raw, 9))
        if len(packed) < len(raw):
            return {"zlib": packed}
    return data if isinstance(data, str) else {"base64": _base64(data)}


def _piece(piece: Any, empty: AnyStr, secrets: Sequence[str]) -> AnyStr:
    is_text = isinstance(empty, str)
    match piece:
        case str() if is_text:
            return piece  # type: ignore[return-value]
        case {"base64": str(data)} if not is_text:
            return _decoded(data)  # type: ignore[return-value]
        case {"zlib": str(data)}:
            return _typed(_decompressed(_decoded(data)), empty)
        case {"repeat": unit, "times": int(times)} if times >= 0:
            repeated = _piece(unit, empty, secrets)
            if len(repeated) * times > _LARGEST:
                raise BadPayload(f"expected at most {_LARGEST} bytes, got a longer repetition")
            return repeated * times
        case {"secret": int(index), "form": str(form)} if form in FORMS:
            try:
                secret = Hidden(index, form).reveal(secrets)
            except LookupError:
                raise BadPayload(
                    "the file was recorded with credentials: give those of the same kind"
                ) from None
            return _typed(secret.encode("utf-8", "surrogatepass"), empty)
    kind = "text" if is_text else "bytes"
    raise BadPayload(f"expected a piece of {kind}, got {str(piece)[:60]!r}")


def _typed(raw: bytes, empty: AnyStr) -> AnyStr:
    if isinstance(empty, bytes):
        return raw
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise BadPayload("expected UTF-8 in a piece of text") from None


def _decompressed(data: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        raw = decompressor.decompress(data, _LARGEST)
    except zlib.error as error:
        raise BadPayload(f"expected compressed data ({error})") from None
    if decompressor.unconsumed_tail:
        raise BadPayload(f"expected at most {_LARGEST} bytes, got more in compressed data")
    return raw


def _list(pieces: Any) -> list[Any]:
    if not isinstance(pieces, list):
        raise BadPayload(f"expected a text, bytes or a list of pieces, got {str(pieces)[:60]!r}")
    return pieces


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadPayload(f"expected Base64 ({error})") from None
