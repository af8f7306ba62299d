"""Tables of single values: what the source compares a value with, and what its use suggests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate import nasty
from pytest_routes.generate.choices import pick
from pytest_routes.generate.programs import LITERALS, PROGRAMS, USUAL_PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.vocabulary import Term

_SLOTS = 64
_INTEGERS = (
    0,
    1,
    2,
    -1,
    3,
    10,
    100,
    255,
    256,
    1000,
    -100,
    65536,
    2**31,
    2**53 + 1,
    2**63,
    -(2**63),
)
_FLOATS = (0.0, 1.0, 0.5, -1.5, 1, -1, 0, 3.14, 1e9, 1e308, -0.0, 1e-9, 2**53 + 1)
_STRINGS = (
    "a", "", "b", "hello", "0", "1", "test", "A", "é", "😀", "a b", " ", "-1", "null", "\x00",
    "../a", "%s", "{0}", "a,b", "a" * 40, "a" * 300,
)  # fmt: skip
_LISTS: tuple[Any, ...] = (
    [], [0], ["a"], [1, 2, 3], ["a", "b"], [None], [[]], [{}], [1, "a"], [0] * 20,
)  # fmt: skip
_DICTS: tuple[Any, ...] = ({}, {"a": 0}, {"id": 1}, {"a": {}}, {"name": "a"}, {"": None})
_BOOLEANS = (False, True)

BY_USE: dict[str, Sequence[Any]] = {
    "int": _INTEGERS,
    "float": _FLOATS,
    "str": _STRINGS,
    "bool": _BOOLEANS,
    "list": _LISTS,
    "dict": _DICTS,
    "model": _DICTS,
    "bytes": ("", "a", "AAEC", "\x00"),
    "digits": ("0", "1", "2", "12", "007", "-1", "1.5", "9" * 20, "²", "١٢"),
    "letters": ("a", "b", "Ann", "é", "ž", "漢字", "ß", "I", "ﬁ", "x" * 40, "ĳ", "ǆ"),
    "hex": ("00", "ff", "", "0", "zz", "deadbeef", "FF 00"),
    "folded": ("a", "A", "Ann", "ANN", "É", "ß", "İ"),
    "uuid": (
        "00000000-0000-0000-0000-000000000000",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "6ba7b8109dad11d180b400c04fd430c8",
        "0",
    ),
    "date-time": (
        "2024-01-01T00:00:00Z",
        "2024-02-29T23:59:59.999999+14:00",
        "2024-01-01T01:00:00Z",
        "1970-01-01T00:00:00",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59Z",
        "2024-01-01",
        "",
    ),
    "decimal": ("1", "0", "10.5", "-1", "NaN", 1, 0, "100", "Infinity", 1.5, "1E+400", "", "x"),
    "date": (
        "2024-01-01",
        "2024-01-02",
        "2024-01-05",
        "2024-02-29",
        "0001-01-01",
        "9999-12-31",
        "2023-02-29",
        "",
    ),
    "time": ("00:00:00", "23:59:59.999999", "24:00:00", "12:00Z", ""),
    "regex": ("a", "[", "(", "*", "a{2,1}", "(?P<a>", "\\", ".*", "[a-z]+", "(a+)+$", "", "?"),
    "python": PROGRAMS,
    "literal": LITERALS,
    "ipv4": ("127.0.0.1", "0.0.0.0", "::1", "256.0.0.1", ""),
    "uri": ("https://example.com/", "http://[::1]:80/a?b=c#d", "a", "//", "http://[", ""),
}
TAME: dict[str, Sequence[Any]] = {
    "int": (1, 0, 2, 3, 5, 10, -1, 100),
    "float": (1.0, 0.0, 2.5, 1, 0, 10, -1, 100.0),
    "str": ("a", "b", "hello", "test", "1", ""),
    "folded": ("A", "a", "Ann", "ann"),
    "regex": ("a", ".*", "[a-z]+", "(", "["),
    "python": USUAL_PROGRAMS,
    "literal": LITERALS[:14],
    "list": (["a"], [], [1], ["a", "b"], [1, 2, 3]),
    "dict": ({}, {"a": 1}),
    "digits": ("0", "1", "12", "007"),
    "letters": ("a", "b", "Ann", "é", "ž", "hello"),
    "hex": ("00", "ff", "deadbeef"),
    "bytes": ("a", "", "AAEC"),
    "decimal": ("1", "0", "10.5", "-1", "100"),
    "date": ("2024-01-01", "2024-01-02", "2024-01-05", "2024-01-02", "2024-02-29"),
    "date-time": ("2024-01-01T00:00:00", "2024-01-01T01:00:00", "2024-01-02T00:00:00"),
    "time": ("09:00", "10:00", "09:30", "23:59:59"),
}
"""The values of each use that are most common."""
_TAME_UNKNOWN: tuple[Any, ...] = ("a", 1, "b", 0, "hello", 2, 1, "a")
_UNKNOWN: tuple[Any, ...] = (
    "a", 0, "", 1, None, "b", True, [], {}, 1.5, -1, "0", "hello", False, 100, ["a"], {"a": 0},
    [1, 2], "é", "x" * 50,
)  # fmt: skip
NUMBERS = (2, 3, 10, 100, 1000, -2, -100, 7, 65536, 2**31, 5000, 2**63)
"""Numbers that are tried within any limits."""
BESIDE_NUMBERS: dict[str, Sequence[Any]] = {
    "decimal": ("NaN", "Infinity", "1E+400", "0.1", "-0"),
}
"""What else a reader of numbers takes, and comparisons stumble over."""
# Numbers as Python reads them from texts, and texts that only look like numbers: the plain ones
# first, digits of other scripts last, so that a shorter conversation shows the plainest.
_WRITTEN_NUMBERS: dict[str, Sequence[str]] = {
    "int": ("0", "1", "+1", " 1 ", "1_000", "1.0", "1e3", "0x10", "-0", "", "one", "٣"),
    "float": ("0", "1.5", "nan", "inf", "-inf", "1e400", "1_0.5", ".5", "5.", "1,5", "", "one"),
}
# What the name of a key says about its value when the source does not say more.
_BY_NAME: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), use)
    for pattern, use in (
        (r"(^|_)(count|n|num|number|amount|qty|quantity|size|limit|offset|page|index)$", "int"),
        (r"(^|_)(x|y|z|width|height|price|total|score|balance|rate|lat|lon|lng|value)$", "float"),
        (r"(^|_)(items|list|ids|tags|values|users|rooms|channels|topics|args)$", "list"),
        (r"(^|_)(payload|data|params|kwargs|meta|options|config|settings|body)$", "dict"),
        (r"(^|_)(uuid|guid)$", "uuid"),
        (r"(^|_)(timestamp|created|updated|datetime|created_at|updated_at)$", "date-time"),
        (
            r"(^|_)(name|title|text|user|username|nick|nickname|label|message|msg|topic|room"
            r"|channel|author|line|comment|description|password|token|key|word|body_text|to)$",
            "str",
        ),
        (r"(^|_)(enabled|active|flag|is_\w+|has_\w+)$", "bool"),
    )
)


class Table:
    """Groups of values with a share for each; the first value of the first is the simplest."""

    __slots__ = ("_shares", "groups", "slots")

    def __init__(self, groups: Iterable[tuple[int, Sequence[Any]]]) -> None:
        self.groups = [values for _, values in groups if values]
        shares = [share for share, values in groups if values]
        self.slots: list[tuple[int, int]] = []
        self._shares: list[int] = []
        for group, share in enumerate(shares):
            count = max(1, round(share * _SLOTS / sum(shares)))
            self.slots += [(group, i) for i in range(count)]
            self._shares.append(count if len(self.groups[group]) > 1 else 1)

    def without(self, types: Sequence[str]) -> Table:
        """Only values of other types, and null, which is of none that a program names."""
        left = [[v for v in group if type(v).__name__ not in types] for group in self.groups]
        return Table([*((1, values) for values in left), (1, (None,))])

    def __call__(self, choices: Choices) -> Any:
        group, position = self.slots[choices.index(len(self.slots))]
        values = self.groups[group]
        share = self._shares[group]
        if len(values) <= share:
            return values[position % len(values)]
        return pick(choices, values)


def table_of(
    term: Term, name: str | None = None, *, text: bool = False, tame: bool = False
) -> Table:
    """What a value may be, for everything that the source says about it; `text` when it is
    written out in a text. `tame`: hardly any value that an application may stumble over."""
    known = [*term.values, *_around(term)]
    if tame:
        # What a text is searched for is more often refused than wanted.
        known = [value for value in known if value not in term.infixes]
        uses = [use for use in term.uses if use in BY_USE]
        uses = [use for use in uses if use in PROGRAMS_READ] or uses
        uses = uses or _uses_by_values(term) or _uses_by_name(name)
        usual = [(4 if p == 0 else 2, TAME.get(u, BY_USE[u])) for p, u in enumerate(uses[:2])]
        return Table([(6, known), *(usual or [(6, _TAME_UNKNOWN)])])
    groups: list[tuple[int, Sequence[Any]]] = [(5, known)]
    uses = [use for use in term.uses if use in BY_USE]
    uses = uses or _uses_by_values(term) or _uses_by_name(name)
    groups += [(4 if position == 0 else 2, BY_USE[use]) for position, use in enumerate(uses[:4])]
    if text:
        groups += [(4, _WRITTEN_NUMBERS[use]) for use in uses if use in _WRITTEN_NUMBERS]
    if "float" in term.uses:
        groups.append((1, nasty.NOT_FINITE))
    if not uses:
        groups.append((6, _UNKNOWN))
    elif "str" in uses or not term.uses:
        groups.append((1, _UNKNOWN))
    return Table(groups)


def _around(term: Term) -> list[Any]:
    """Values near the limits that the source compares with."""
    found: list[Any] = []
    numbers = [v for v in term.values if isinstance(v, (int, float)) and not isinstance(v, bool)]
    for bound in (*term.bounds, *numbers):
        found += [bound - 1, bound, bound + 1]
    # How many digits a number may have at most says little of the number, nor of a program.
    little = term.uses.keys() >= {"digits", "int"} or not PROGRAMS_READ.isdisjoint(term.uses)
    for length in term.lengths[: 0 if little else 4]:
        if "list" in term.uses:
            found += [[0] * n for n in _neighbours(length, 200)]
        else:
            unit = "1" if "digits" in term.uses else "a"
            found += [unit * n for n in _neighbours(length, 5000)]
    for prefix in term.prefixes:
        found += [prefix, prefix * 2, _beside(prefix, after=True)]
    found += [_beside(suffix, after=False) for suffix in term.suffixes]
    found += term.infixes
    return found[:_SLOTS]


PROGRAMS_READ = frozenset({"python", "literal"})
"""Uses of a text that hardly any other text will do for."""


def _beside(affix: str | bytes, *, after: bool) -> str | bytes:
    if isinstance(affix, bytes):
        return affix + b"a" if after else b"a" + affix
    return f"{affix}a" if after else f"a{affix}"


def _neighbours(length: int, most: int) -> list[int]:
    return [n for n in (length, length - 1, length + 1) if 0 <= n <= most]


def _uses_by_values(term: Term) -> list[str]:
    names = {type(value).__name__ for value in term.values if value is not None}
    return [name for name in ("str", "int", "float", "bool", "bytes") if name in names]


def _uses_by_name(name: str | None) -> list[str]:
    for pattern, use in _BY_NAME:
        if name is not None and pattern.search(name):
            return [use, "str"] if use in ("int", "float") else [use]
    return []


def as_text(value: Any) -> str:
    """The value as it stands in a command or a query."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value
    if isinstance(value, (list, dict)):
        return ""
    return str(value)


def as_bytes(value: Any) -> bytes:
    """The value as it stands in binary data."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return (value % 2**64).to_bytes(8, "big")[-4 if value < 2**32 else -8 :]
    return as_text(value).encode("utf-8", "surrogatepass")
