"""Legal content that programs are known to stumble over, as tables to pick from.

Each table begins with its plainest entry, so that a shrunk choice reads well. Strings are kept
apart by what can carry them: `STRINGS` can be sent as text, `SURROGATES` only as JSON escapes.
"""

from __future__ import annotations

import json
import math

STRINGS: tuple[str, ...] = (
    "",
    " ",
    "0",
    "\x00",
    "a\x00b",
    "\t\r\n",
    "\r\nX-Injected: 1",
    "\x1b[31m",
    "\x7f\x80\x9f",  # DEL and C1 controls
    "é",
    "e\u0301",  # the same letter, decomposed
    "Z" + "\u0334\u0335\u0336\u0337\u0338" * 4,  # many combining marks on one letter
    "ß",  # two characters in upper case
    "İ",  # its lower case has two code points
    "\u202eabc\u202c",  # right-to-left override
    "שלום",
    "漢字",
    "😀",
    "👩\u200d👩\u200d👧",  # one visible character, five code points
    "\U0001d7d9",  # an astral digit: isdigit() and int() take it
    "١٢٣",  # Arabic-Indic digits, as well
    "²",  # isdigit() takes it, int() does not
    "½",  # isnumeric() alone takes it
    "\ufeff",
    "\u200b",  # zero width space
    "\u2028\u2029",  # line ends for JavaScript and str.splitlines
    "\ufffd",
    "\uffff",  # a noncharacter
    "\U0010ffff",
    "null",
    "None",
    "undefined",
    "true",
    "false",
    "-1",
    "1e400",
    "NaN",
    "[]",
    "{}",
    "__proto__",
    "constructor",
    "__class__",
    "__init__",
    "../",
    "../../etc/passwd",
    "..\\",
    "/",
    "//",
    "\\",
    "%",
    "%s%n",
    "%(x)s",
    "%00",
    "%2e%2e%2f",
    "{0}",
    "{x.__class__}",
    "${x}",
    "{{7*7}}",
    "'",
    '"',
    "`",
    "' OR '1'='1",
    '"; DROP TABLE t; --',
    "<script>alert(1)</script>",
    "&lt;",
    "&",
    "=",
    ",",
    ":",
    "#",
    "?",
    "*",
    "[",
    "(",
    "+",
    "-",
    "_",
    "a" * 256,
    "a" * 4097,
    "é" * 300,  # over 255 bytes of a name, fewer characters
)

SURROGATES: tuple[str, ...] = (
    "\ud800",
    "\udfff",
    "a\ud83d",  # the first half of an emoji
    "\ude00\ud83d",  # both halves, in the wrong order
)
"""Strings that have no UTF-8: `json.dumps` writes them as escapes, which every JSON parser
of Python turns back into a lone surrogate or refuses."""

KEYS: tuple[str, ...] = (
    "",
    " ",
    "0",
    "__proto__",
    "constructor",
    "__class__",
    "__init__",
    "self",
    "cls",
    "class",
    "None",
    "a.b",
    "a b",
    "$ref",
    "a[0]",
    "\x00",
    "é",
    "😀",
    "k" * 300,
    "k" * 5000,
)
"""Names of members that an object may have."""

INTEGERS: tuple[int, ...] = (
    0,
    1,
    -1,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**32,
    2**53,
    2**53 + 1,  # no double has it
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**18,
    10**400,  # over the range of a double
)

FLOATS: tuple[float, ...] = (
    0.0,
    -0.0,
    0.5,
    -1.5,
    0.1 + 0.2,
    1e-7,  # the first that is written with an exponent
    1e16,
    1e308,
    -1e308,
    5e-324,
    2.0**53,
)
"""Finite ones; what JSON cannot say is in `NOT_FINITE`."""

NOT_FINITE: tuple[float, ...] = (math.nan, math.inf, -math.inf)
"""Not JSON, though `json.dumps` writes them and `json.loads` reads them."""

NUMBERS: tuple[int | float, ...] = (*INTEGERS, *FLOATS)

JSON_VALUES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    "",
    [],
    {},
    "\x00",
    0.5,
    2**63,
    10**400,
    [None],
    [[]],
    {"": None},
    "0",
    [{}],
    {"a": {"a": {"a": None}}},
)
"""A value of every kind, for a place where another kind is wanted."""


def _nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + closing * depth


JSON_TEXTS: tuple[str, ...] = (
    "null",
    "0",
    '""',
    "[]",
    "{}",
    "true",
    "-0",
    "1e400",
    "-1e400",
    "1E-400",
    "1" + "0" * 400,
    "1" + "0" * 5000,  # over Python's limit of digits for int(): json.loads raises ValueError
    "0." + "1" * 400,
    '{"a": 1, "a": 2}',
    '{"a": {}, "a": []}',
    '{"": ""}',
    '{"__proto__": {"a": 1}}',
    '{"constructor": {"prototype": {}}}',
    '"\\u0000"',
    '{"\\u0000": "\\u0000"}',
    '"\\ud800"',
    '{"a": "\\udc00"}',
    '{"\\ud83d": 1}',
    '"\\ud83d\\ude00"',
    '"\\/"',
    ' \t\r\n{ "a" : 1 } \n',
    "[null]",
    '[1, "1", 1.0, true, null]',
    _nested("[", "]", 100),
    _nested("[", "]", 1100),  # over Python's recursion limit
    '{"a":' * 100 + "1" + "}" * 100,
    '{"a":' * 1100 + "1" + "}" * 1100,
    '{"' + "k" * 5000 + '": 1}',
)
"""JSON by RFC 8259, which parsers may still refuse (section 9) or read in different ways."""

NOT_JSON: tuple[str, ...] = (
    "",
    " ",
    "a",
    "{",
    "[",
    '"',
    "{}}",
    "{} {}",
    "[1,]",
    '{"a": 1,}',
    '{"a"}',
    '{"a":}',
    '{"a" 1}',
    "{a: 1}",
    "{'a': 1}",
    "None",
    "True",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    '{"a": NaN}',
    "[Infinity]",
    "01",
    "+1",
    ".5",
    "1.",
    "0x10",
    "1_000",
    '"\t"',
    '"\\x41"',
    '"\\u12"',
    '"\\"',
    "\ufeff{}",
    "{}\x00",
    "\x00",
    "// a\n{}",
    "{}\n{}",
    "%7B%7D",
    "{" * 1100,
)
"""Texts that are nearly JSON. Python's `json.loads` reads those with NaN and Infinity."""

BINARY: tuple[bytes, ...] = (
    b"",
    b"\x00",
    b"a",
    b"\xff",
    b"\x00" * 8,
    b"\xff" * 8,
    b"\x80",  # a continuation byte alone
    b"\xc3",  # the first byte of two
    b"\xc0\x80",  # overlong NUL
    b"\xed\xa0\x80",  # an encoded surrogate
    b"\xf4\x90\x80\x80",  # over U+10FFFF
    b"\xef\xbb\xbf{}",  # a BOM before JSON
    b"{}",
    b"[1, 2",
    b'{"a": "\xff"}',
    b"\xff\xfe{\x00}\x00",  # JSON in UTF-16
    b"\r\n\r\n",
    b"\x7f\xff\xff\xff",  # the largest signed length of 32 bits
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x01",
    b"\x80\x04N.",  # a pickle
    b"\x1f\x8b\x08\x00",  # the beginning of gzip
    b"PK\x03\x04",
    bytes(range(256)),
)


def dumps(value: object) -> str:
    """Compact JSON as ASCII: lone surrogates and all else outside it are escaped, NaN and
    infinities are written the way Python reads them."""
    return json.dumps(value, separators=(",", ":"))
