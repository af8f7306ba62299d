"""Regular expressions, read so that texts can be made that they match.

The grammar is what Python's `re`, JavaScript (ECMA-262, which JSON Schema refers to) and
Rust's `regex` (which pydantic uses) have in common, with the few words that only one of them
has. Only ASCII is made for `\\w`, `\\d` and the like, since the dialects differ beyond it.
What is read here is a hint: every text that is made of it is tested against the real thing.
"""

from __future__ import annotations

import functools
import math
import re
import warnings
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Chars:
    """One of these characters, the simplest first."""

    options: str


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Regex, ...]


@dataclass(frozen=True, slots=True)
class Either:
    options: tuple[Regex, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: Regex
    least: int
    most: float


@dataclass(frozen=True, slots=True)
class Group:
    number: int
    part: Regex


@dataclass(frozen=True, slots=True)
class Again:
    """What a group matched."""

    group: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Must be found in what follows (`(?=...)`); it takes no characters itself."""

    part: Regex


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of the text."""

    end: bool


Regex: TypeAlias = Chars | Sequence | Either | Repeat | Group | Again | Ahead | Edge

NOTHING = Sequence(())

_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_WORD = f"{_LOWER}{_LOWER.upper()}{_DIGITS}_"
_SPACE = " \t\n\r\f\v"
_PRINTABLE = "".join(map(chr, range(32, 127)))
_SIMPLE_FIRST = f"{_WORD} " + "".join(c for c in _PRINTABLE if c not in f"{_WORD} ")
_BEYOND = "é漢😀\u0301\x00"
_ANY = _SIMPLE_FIRST + _BEYOND

_CLASSES = {"d": _DIGITS, "w": _WORD, "s": _SPACE, "h": " \t"}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_HEX_LENGTHS = {"x": 2, "u": 4, "U": 8}
# Unicode properties (Rust, and JavaScript with the flag u), by their first letter.
_PROPERTIES = {
    "L": f"{_LOWER}{_LOWER.upper()}éß漢", "Ll": f"{_LOWER}éß", "Lu": f"{_LOWER.upper()}É",
    "N": _DIGITS, "Nd": _DIGITS, "P": ".,;:!?-_()'\"", "S": "+<=>^`|~€", "Z": " ", "Zs": " ",
    "Alphabetic": f"{_LOWER}é漢", "Letter": f"{_LOWER}é漢", "Number": _DIGITS,
}  # fmt: skip
_POSIX = {
    "alpha": _LOWER + _LOWER.upper(), "digit": _DIGITS, "alnum": _WORD[:-1], "word": _WORD,
    "lower": _LOWER, "upper": _LOWER.upper(), "space": _SPACE, "xdigit": f"{_DIGITS}abcdefABCDEF",
    "punct": "".join(c for c in _PRINTABLE if not c.isalnum() and c != " "),
}  # fmt: skip


class NotRead(ValueError):
    """The pattern is written in a way that is not understood here."""


def read(pattern: str) -> Regex:
    """The structure of a pattern. Raises NotRead."""
    parser = _Parser(pattern)
    found = parser.alternatives()
    if parser.rest:
        raise NotRead(f"unexpected {parser.rest[0]!r} in {pattern}")
    return found


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.groups = 0
        self.names: dict[str, int] = {}
        self.ignore_case = False
        self.verbose = False

    @property
    def rest(self) -> str:
        return self.pattern[self.position :]

    def take(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def next(self) -> str:
        if self.position >= len(self.pattern):
            raise NotRead(f"{self.pattern} ends too early")
        self.position += 1
        return self.pattern[self.position - 1]

    def until(self, end: str) -> str:
        stop = self.pattern.find(end, self.position)
        if stop < 0:
            raise NotRead(f"no {end} in the rest of {self.pattern}")
        text = self.pattern[self.position : stop]
        self.position = stop + len(end)
        return text

    def alternatives(self) -> Regex:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Either(tuple(options))

    def sequence(self) -> Regex:
        parts: list[Regex] = []
        while self.position < len(self.pattern) and self.pattern[self.position] not in "|)":
            if self.verbose and self.pattern[self.position] in " \t\n\r\f\v#":
                if self.next() == "#":
                    self.position += len(self.rest.partition("\n")[0])
                continue
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, part: Regex) -> Regex:
        while True:
            bounds = self.quantifier()
            if bounds is None:
                return part
            if not self.take("?"):  # lazy and possessive ones match the same texts, nearly
                self.take("+")
            part = Repeat(part, *bounds)

    def quantifier(self) -> tuple[int, float] | None:
        for sign, bounds in _QUANTIFIERS.items():
            if self.take(sign):
                return bounds
        if not self.rest.startswith("{"):
            return None
        inside, closed, _ = self.rest[1:].partition("}")
        low, comma, high = (each.strip() for each in inside.partition(","))
        if not closed or not (low or high) or not f"{low}{high}".isdigit():
            return None  # an ordinary brace
        self.position += len(inside) + 2
        least = int(low or 0)
        return least, (int(high) if high else math.inf) if comma else least

    def atom(self) -> Regex:
        sign = self.next()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.cased(self.char_class())
        if sign == ".":
            return Chars(_ANY)
        if sign in "^$":
            return Edge(end=sign == "$")
        if sign == "\\":
            return self.escape()
        if sign in "*+?":
            raise NotRead(f"nothing to repeat in {self.pattern}")
        return self.cased(sign)

    def cased(self, options: str) -> Chars:
        if self.ignore_case:
            both = options + "".join(
                c.swapcase() for c in options if c.isascii() and c.swapcase() not in options
            )
            return Chars(both)
        return Chars(options)

    def group(self) -> Regex:
        if not self.take("?"):
            return self.numbered()
        if self.take("#"):
            self.until(")")
            return NOTHING
        for sign in ("P<", "<"):
            if not self.rest.startswith(("<=", "<!")) and self.take(sign):
                return self.numbered(self.until(">"))
        if self.take("P="):
            return Again(self.names.get(self.until(")"), 0))
        if self.take("="):
            return Ahead(self.closed())
        for sign in ("!", "<=", "<!"):
            if self.take(sign):
                self.closed()
                return NOTHING  # what it forbids is tested, not made
        if self.take("("):
            self.until(")")
            way = self.closed()
            return way.options[0] if isinstance(way, Either) else way
        if self.take(">"):
            return self.closed()
        return self.flagged()

    def numbered(self, name: str = "") -> Regex:
        self.groups += 1
        number = self.groups
        if name:
            self.names[name] = number
        return Group(number, self.closed())

    def closed(self) -> Regex:
        before = (self.ignore_case, self.verbose)
        inside = self.alternatives()
        if not self.take(")"):
            raise NotRead(f"a group is not closed in {self.pattern}")
        self.ignore_case, self.verbose = before
        return inside

    def flagged(self) -> Regex:
        flags = ""
        while self.position < len(self.pattern) and self.pattern[self.position] not in ":)":
            flags += self.next()
        on, _, off = flags.partition("-")
        before = (self.ignore_case, self.verbose)
        self.ignore_case = ("i" in on or self.ignore_case) and "i" not in off
        self.verbose = ("x" in on or self.verbose) and "x" not in off
        if self.take(")"):
            return NOTHING  # for the rest of the pattern
        if not self.take(":"):
            raise NotRead(f"an unknown kind of group in {self.pattern}")
        inside = self.closed()
        self.ignore_case, self.verbose = before
        return inside

    def escape(self) -> Regex:
        sign = self.next()
        if sign in "AZz":
            return Edge(end=sign != "A")
        if sign in "bBG":
            return NOTHING
        if sign.isdigit() and sign != "0":
            while self.rest[:1].isdigit():
                sign += self.next()
            return Again(int(sign))
        if sign == "k":
            self.next()
            return Again(self.names.get(self.until(">"), 0))
        return self.cased(self.escaped(sign))

    def escaped(self, sign: str) -> str:
        """The characters that an escape stands for, inside a class or outside."""
        if sign.lower() in _CLASSES:
            inside = _CLASSES[sign.lower()]
            return inside if sign.islower() else without(inside)
        if sign in "pP":
            name = self.until("}") if self.take("{") else self.next()
            inside = _PROPERTIES.get(name.lstrip("^"), _PROPERTIES.get(name[:1], ""))
            if not inside:
                raise NotRead(f"an unknown property {name} in {self.pattern}")
            return inside if (sign == "p") != name.startswith("^") else without(inside)
        if sign in _HEX_LENGTHS:
            return self.code_point(_HEX_LENGTHS[sign])
        if sign == "0":
            return "\0"
        return _CONTROLS.get(sign, sign)

    def code_point(self, length: int) -> str:
        digits = self.until("}") if self.take("{") else "".join(self.next() for _ in range(length))
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            raise NotRead(f"\\x{digits} is no character in {self.pattern}") from None

    def char_class(self) -> str:
        negated = self.take("^")
        found = ""
        first = True
        while first or not self.rest.startswith("]"):
            first = False
            if self.take("[:"):
                found += _POSIX.get(self.until(":]"), "")
                continue
            low = self.class_item()
            if len(low) == 1 and self.rest[:1] == "-" and self.rest[1:2] not in ("]", ""):
                self.position += 1
                found += between(low, self.class_item())
            else:
                found += low
        self.next()
        found = "".join(dict.fromkeys(found))
        options = without(found) if negated else found
        if not options:
            raise NotRead(f"a class without characters in {self.pattern}")
        return options

    def class_item(self) -> str:
        sign = self.next()
        if sign != "\\":
            return sign
        sign = self.next()
        return "\b" if sign == "b" else self.escaped(sign)


_QUANTIFIERS: dict[str, tuple[int, float]] = {"*": (0, math.inf), "+": (1, math.inf), "?": (0, 1)}


def between(low: str, high: str) -> str:
    """The characters of a range; of a large one its ends."""
    if len(high) != 1:
        return low + "-" + high
    first, last = ord(low), ord(high)
    if last - first <= 128:
        return "".join(map(chr, range(first, last + 1)))
    some = [*range(first, first + 32), (first + last) // 2, last - 1, last]
    return "".join(chr(code) for code in some if not 0xD800 <= code <= 0xDFFF)


def without(excluded: str) -> str:
    return "".join(character for character in _ANY if character not in excluded)


@functools.lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern as Python reads it; None where it is of another dialect."""
    if "[[:" in pattern:
        return None  # a class such as [[:alpha:]], which Python takes for its letters
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
