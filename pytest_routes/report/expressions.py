"""Values as Python source that is short and holds no secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_routes.report.payload import runs
from pytest_routes.report.redaction import MASK, Hidden, Redaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "PYTEST_ROUTES_SECRET_"
"""The environment variable that an exported test reads a secret from, before its number."""

# The form of a secret: the expression that makes it, and what has to be imported for that.
_REVEAL: Mapping[str, tuple[str, str]] = {
    "plain": ("{}", ""),
    "quoted": ("quote({})", "from urllib.parse import quote"),
    "all quoted": ('quote({}, safe="")', "from urllib.parse import quote"),
    "form": ("quote_plus({})", "from urllib.parse import quote_plus"),
    "json": ("json.dumps({})[1:-1]", "import json"),
    "base64": ("b64encode({}.encode()).decode()", "from base64 import b64encode"),
}
_CALL = re.compile(r"(?P<name>[\w.]+)\(\)")


class Source:
    """Writes expressions, and remembers what they need around them."""

    def __init__(self, redact: Redaction) -> None:
        self.imports: set[str] = set()
        self.secrets: set[int] = set()
        self._redact = redact

    def of(self, data: str | bytes) -> str:
        """The expression for a text or bytes."""
        parts = [term for piece in self._redact.split(data) for term in self._terms(piece)]
        return " + ".join(parts)

    def _terms(self, piece: str | bytes | Hidden) -> Iterator[str]:
        if isinstance(piece, Hidden):
            yield self._secret(piece)
            return
        end = 0
        for start, stop, unit in runs(piece):
            if start > end:
                yield repr(piece[end:start])
            yield f"{unit!r} * {(stop - start) // len(unit)}"
            end = stop
        if end < len(piece) or not piece:
            yield repr(piece[end:])

    def _secret(self, hidden: Hidden) -> str:
        if hidden.form not in _REVEAL:
            return repr(MASK)
        expression, needed = _REVEAL[hidden.form]
        self.imports |= {"import os"} | ({needed} if needed else set())
        self.secrets.add(hidden.secret)
        return expression.format(f"SECRET_{hidden.secret}")

    def secret_lines(self) -> list[str]:
        """Where the secrets of the expressions come from."""
        return [
            f'SECRET_{number} = os.environ["{VARIABLE}{number}"]' for number in sorted(self.secrets)
        ]
