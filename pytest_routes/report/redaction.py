"""Keeping secrets out of everything that is written."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK = "***"
_SHORT = 4
"""Below this length a secret is masked only where it stands alone, or no text would be left."""


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

    @cached_property
    def _text(self) -> re.Pattern[str] | None:
        patterns = self._patterns()
        return re.compile("|".join(patterns)) if patterns else None

    @cached_property
    def _bytes(self) -> re.Pattern[bytes] | None:
        patterns = [pattern.encode("utf-8", "surrogatepass") for pattern in self._patterns()]
        return re.compile(b"|".join(patterns)) if patterns else None

    def _patterns(self) -> list[str]:
        forms = {form for secret in self.secrets if secret for form in _forms(secret)}
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        return [
            re.escape(form) if len(form) >= _SHORT else rf"(?<!\w){re.escape(form)}(?!\w)"
            for form in longest_first
        ]


def _forms(secret: str) -> Iterator[str]:
    yield secret
    for encoded in (quote(secret, errors="replace"), quote(secret, "", errors="replace")):
        yield encoded
        yield re.sub(r"%..", lambda match: match[0].lower(), encoded)
    yield quote_plus(secret, errors="replace")
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]
    if len(secret) >= _SHORT:
        yield base64.b64encode(secret.encode("utf-8", "surrogatepass")).decode().rstrip("=")


NOTHING_SECRET = Redaction()
