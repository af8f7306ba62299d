"""What both sides of a conversation saw: the value that is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

_EXCEPTION = re.compile(r" \(\w+\)$")


@dataclass(frozen=True)
class Seen:
    app: tuple[str, ...]
    """The application's log."""
    client: tuple[str, ...]
    """What arrived at the client."""

    def lines(self) -> list[str]:
        """Both logs as text, without the types of the exceptions that illegal events raise."""
        app = [f"app: {_EXCEPTION.sub('', line)}" for line in self.app]
        # How many messages of a stream arrive is a matter of time.
        return app + [f"client: {line}" for line, _ in groupby(self.client)]


def shown(data: str | bytes) -> str:
    return repr(data) if len(data) < 50 else f"{type(data).__name__} of {len(data)}"
