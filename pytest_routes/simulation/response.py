"""What a request by hand was answered with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to `server.request(...)`."""

    status: int | None
    """The HTTP status; None when the application did not answer."""
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order in which they came."""
    body: bytes = b""
    complete: bool = True
    """False when the body never ended."""

    @property
    def text(self) -> str:
        """The body as UTF-8. Raises `UnicodeDecodeError` when it is none."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON. Raises `ValueError` when it is none."""
        return json.loads(self.body)
