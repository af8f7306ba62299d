"""Texts that an application reads as Python: a calculator, a filter, a rule."""

from __future__ import annotations

EXPRESSIONS: tuple[str, ...] = (
    "1", "1 + 2", "2 * 3", "x", "7 // 2", "2 ** 3", "5 % 2", "-1", "1 / 2", "1 / 0", "not 1",
    "1 < 2", "1 == 1", "1 and 0", "~1", "5 & 3", "1 << 2", "5 - 3", "x + 1", "(1 + 2) * 3", "1.5",
    "f(1)", "abs(-1)", "max(1, 2)", "'a'", "'a' + 'b'", "True", "None", "[1, 2]", "(1, 2)",
    "{'a': 1}", "x[0]", "x.y", "1 if 1 else 2", "6 | 1", "6 ^ 1", "8 >> 1", "2 @ 3", "1 < 2 < 3",
    "1 in [1]", "1 is None", "1j", "+1", "7 % 0", "7 // 0", "[x for x in [1]]", "lambda: 1",
    "f'{1}'", "{1}", "1 + 'a'", "9 ** 9 ** 9",
)  # fmt: skip
"""Every kind of expression and operator, the usual ones first."""
_STATEMENTS = (
    "x = 1", "x = 2 + 3", "x += 1", "y = x", "x, y = 1, 2", "x = y = 1", "x: int = 1", "del x",
    "x[0] = 1", "x.y = 1", "1; 2", "pass", "import os", "if 1: 2", "def f(): pass", "return 1",
)  # fmt: skip
_WRONG = (
    "", "1 +", "(", ")", "1 2", "\\", "'", "x = ", "\x00", "0x", "1_", "(((((1))))))",
)  # fmt: skip

PROGRAMS = (*EXPRESSIONS, *_STATEMENTS, *_WRONG)
USUAL_PROGRAMS = (*EXPRESSIONS, *_STATEMENTS[:4])
LITERALS = (
    "1", "'a'", "[1, 2]", "{'a': 1}", "(1, 2)", "None", "True", "-1", "1.5", "b'a'", "{1}", "[]",
    "{}", "()", "1j", "1 + 2j", "set()", "...", "x", "1 + 2", "[x]", "{'a': [1, (2,)]}", "{[]: 1}",
    "'\\ud800'", "", "[", "'", "(" * 80 + ")" * 80,
)  # fmt: skip
"""What `ast.literal_eval` reads, and what it refuses."""
