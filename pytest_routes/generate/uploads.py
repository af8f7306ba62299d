"""Files of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_routes.generate import nasty
from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it stands in a `multipart/form-data` body (RFC 7578)."""

    name: str
    content: bytes
    media_type: str


_NAMES = (
    "a.txt", "a.txt", "b.json", "image.png", "a", "noextension", ".hidden", "a.tar.gz", "A B.TXT",
    "../a.txt", "é.txt", "C:\\a.txt", 'a"b.txt', "a;b.txt", "%00.txt", "a" * 300 + ".txt", "😀",
)  # fmt: skip
_CONTENTS = (
    b"a", b"hello\n", b"{}", b"", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n", b"<svg/>", b"a" * 5000,
    *nasty.BINARY,
)  # fmt: skip
_TYPES = (
    "text/plain", "application/octet-stream", "application/json", "image/png", "text/csv",
    "text/plain; charset=latin-1",
)  # fmt: skip


def upload(choices: Choices) -> Upload:
    return Upload(pick(choices, _NAMES), pick(choices, _CONTENTS), pick(choices, _TYPES))
