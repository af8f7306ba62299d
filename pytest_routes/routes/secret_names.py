"""Which parameters, headers and cookies hold what proves who a client is."""

from __future__ import annotations

import re

_SECRET_NAME = re.compile(
    r"auth|token|secret|passw|pwd|api.?key|-key$|_key$|^key$|cookie|session|credential|signature|jwt",
    re.IGNORECASE,
)


def is_secret_name(name: str) -> bool:
    """Whether a header, cookie or parameter of this name usually holds a secret."""
    return _SECRET_NAME.search(name) is not None
