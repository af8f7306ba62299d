"""Keeping secrets out of everything that is written."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MASK = "***"
_SHORT = 4
"""Below this length a secret is masked only where it stands alone, or no text would be left."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Stands for a secret in a text that is kept."""

    secret: int
    """Its place in `Redaction.secrets`."""
    form: str
    """How it was encoded: a key of `FORMS`."""

    def reveal(self, secrets: Sequence[str]) -> str:
        """The text that it stands for. Raises `LookupError` without such a secret."""
        return FORMS[self.form](secrets[self.secret])


@dataclass(frozen=True)
class Redaction:
    """Replaces secrets by `***`, also where they stand encoded.

    Each secret is looked for as it is, percent-encoded, escaped as in JSON and in Python
    literals, and in Base64. Credentials that are joined before they are encoded (user and
    password of HTTP Basic) have to be given joined as well.
    """

    secrets: tuple[str, ...] = ()

    def __call__(self, text: str) -> str:
        """`text` without the secrets."""
        return self._text.sub(MASK, text) if self._text else text

    def of_bytes(self, data: bytes) -> bytes:
        """`data` without the secrets."""
        return self._bytes.sub(MASK.encode(), data) if self._bytes else data

    def split(self, data: str | bytes) -> list[str | bytes | Hidden]:
        """`data` in pieces, in which each secret is replaced by what stands for it."""
        pieces: list[str | bytes | Hidden] = []
        end = 0
        for start, stop, found in self._found(data):
            pieces += [data[end:start], self._hidden[found]]
            end = stop
        pieces.append(data[end:])
        return [piece for piece in pieces if piece or piece == data]

    def _found(self, data: str | bytes) -> Iterator[tuple[int, int, str]]:
        if isinstance(data, str):
            for match in self._text.finditer(data) if self._text else ():
                yield match.start(), match.end(), match[0]
        else:
            for found in self._bytes.finditer(data) if self._bytes else ():
                yield found.start(), found.end(), found[0].decode("utf-8", "surrogatepass")

    @cached_property
    def _hidden(self) -> dict[str, Hidden]:
        hidden: dict[str, Hidden] = {}
        for index, secret in enumerate(self.secrets):
            for name, form in FORMS.items():
                encoded = form(secret)
                if encoded and not (name == "base64" and len(secret) < _SHORT):
                    hidden.setdefault(encoded, Hidden(index, name))
        return hidden

    @cached_property
    def _text(self) -> re.Pattern[str] | None:
        patterns = self._patterns()
        return re.compile("|".join(patterns)) if patterns else None

    @cached_property
    def _bytes(self) -> re.Pattern[bytes] | None:
        patterns = [pattern.encode("utf-8", "surrogatepass") for pattern in self._patterns()]
        return re.compile(b"|".join(patterns)) if patterns else None

    def _patterns(self) -> list[str]:
        longest_first = sorted(self._hidden, key=lambda form: (-len(form), form))
        return [
            re.escape(form) if len(form) >= _SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
            for form in longest_first
        ]


def _lower_escapes(quoted: str) -> str:
    return re.sub(r"%..", lambda match: match[0].lower(), quoted)


def _base64(secret: str) -> str:
    return base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")


FORMS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "plain": str,
        "form": lambda secret: quote_plus(secret, errors="replace"),
        "quoted": lambda secret: quote(secret, errors="replace"),
        "quoted lower": lambda secret: _lower_escapes(quote(secret, errors="replace")),
        "all quoted": lambda secret: quote(secret, "", errors="replace"),
        "all quoted lower": lambda secret: _lower_escapes(quote(secret, "", errors="replace")),
        "json": lambda secret: json.dumps(secret)[1:-1],
        "json unicode": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
        "python": lambda secret: repr(secret)[1:-1],
        "base64": _base64,
    }
)
"""How a secret may be encoded, by the name that replay files use."""

NOTHING_SECRET = Redaction()
