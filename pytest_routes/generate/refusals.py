"""Whether an answer of the server sounds like a refusal."""

from __future__ import annotations

import re
from functools import lru_cache

_MOST_READ = 240
_SHORT = 4
_NAK = 0x15
_HIGH = 0xE0
_SAYS_NO = re.compile(
    r"""\b(?:err(?:or)?s?|invalid|unknown|illegal|denied|refused?|reject(?:ed)?|fail(?:ed|ure)?|malformed
    |unsupported|forbidden|unauthori[sz]ed|conflict|missing|bad|usage|cannot|can't|must|no\ such
    |not\ \w+|nothing|nobody|wrong|unexpected|undefined|not|problem)\b
    |"(?:ok|success|valid|accepted)":\s*false
    |^\W*only\b|\bfirst\W*$|^[45]\d\d[\ -]|^\W*\?|^\W*(?:no|nok|null|false)\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS_NOTHING = re.compile(r'"(?:error|errors|reason)":\s*(?:null|\[\]|"")', re.IGNORECASE)


def sounds_like_refusal(data: str | bytes) -> bool:
    """The answer says that something was wrong with what was sent, as far as words tell, or the
    high code that a few bytes begin with."""
    if isinstance(data, bytes) and 0 < len(data) <= _SHORT:
        return data[0] == _NAK or data[0] >= _HIGH or _says_no(data.decode("latin-1"))
    start = data[:_MOST_READ]
    return _says_no(start.decode("utf-8", "replace") if isinstance(start, bytes) else start)


@lru_cache(maxsize=512)
def _says_no(start: str) -> bool:
    found = _SAYS_NO.search(start.replace("_", " "))
    return found is not None and _SAYS_NOTHING.search(start) is None
