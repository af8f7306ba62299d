"""Strings that match a regular expression."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import chance, pick
from pytest_routes.generate.schema import regex as r
from pytest_routes.generate.schema.nodes import (
    Checked,
    Drawn,
    Node,
    Nothing,
)
from pytest_routes.generate.schema.regex import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_routes.generate.choices import Choices

_AROUND = ("x", " ", "0", "\n", "é", "a b", "-", "../", "\x00", "'")


def pattern_node(
    pattern: str,
    fits: Callable[[str], bool] | None = None,
    *,
    whole: bool = False,
    least: int = 0,
    most: float = math.inf,
    beside: Sequence[str] = (),
) -> Node:
    """Strings that match `pattern` and for which `fits` holds.

    By `whole` all of the string has to match; otherwise a part of it, which is what the keyword
    `pattern` of JSON Schema asks for, so that something may stand around it: matches of the
    patterns `beside`, for one. `least` and `most` are its length in characters.
    """
    matches = _matcher(pattern, whole=whole)

    def right(text: str) -> bool:
        return least <= len(text) <= most and matches(text) and (fits is None or fits(text))

    try:
        structure = r.read(pattern)
    except (r.NotRead, RecursionError) as error:
        if compiled(pattern) is None:
            return Nothing(f"the pattern {pattern} cannot be read: {error}")
        return _by_hypothesis(pattern, right, whole=whole)
    maker = _Maker(structure, matches, least)
    ends = [] if whole else [end for end in (True, False) if end not in maker.edges]
    others = list(_readable(beside))
    one_in = 2 if others else 8

    def draw(choices: Choices) -> str:
        text = maker.make(choices)
        if ends and chance(choices, one_in):
            extra = pick(choices, others).make(choices) if others else pick(choices, _AROUND)
            text = text + extra if pick(choices, ends) else extra + text
        return text

    reason = f"no text was found that matches {pattern}{_lengths(least, most)}"
    return Checked(Drawn(draw), right, reason)


def _readable(patterns: Sequence[str]) -> Iterator[_Maker]:
    for pattern in patterns:
        with contextlib.suppress(r.NotRead, RecursionError):
            yield _Maker(r.read(pattern), _matcher(pattern, whole=False), 0)


def _lengths(least: int, most: float) -> str:
    if most == math.inf:
        return f" with at least {least} characters" if least else ""
    return f" with {least} to {most} characters"


def _matcher(pattern: str, *, whole: bool) -> Callable[[str], bool]:
    expression = compiled(pattern)
    if expression is None:
        return lambda _: True  # of another dialect: what was read here has to do
    search = expression.fullmatch if whole else expression.search
    return lambda text: search(text) is not None


def _by_hypothesis(pattern: str, right: Callable[[str], bool], *, whole: bool) -> Node:
    from hypothesis import strategies as st

    strategy = st.from_regex(pattern, fullmatch=whole).filter(right)
    return Drawn(lambda choices: choices.draw(strategy))


class _Maker:
    """Makes texts of the structure of a pattern."""

    def __init__(self, structure: r.Regex, matches: Callable[[str], bool], least: int) -> None:
        self.structure = structure
        self.matches = matches
        self.least = least
        self.ahead = [part.part for part in _walk(structure) if isinstance(part, r.Ahead)]
        self.edges = {part.end for part in _walk(structure) if isinstance(part, r.Edge)}

    def make(self, choices: Choices) -> str:
        # Repetitions without an upper bound are stretched where a length is asked for.
        stretch = 0
        for _ in range(4):
            text = self._text(self.structure, choices, {}, stretch)
            if len(text) >= self.least:
                break
            stretch = max(self.least - len(text) + stretch, 1)
        return self._seeing_ahead(text, choices) if self.ahead else text

    def _seeing_ahead(self, text: str, choices: Choices) -> str:
        """Put in what lookaheads ask for, as in a password that needs a digit."""
        for part in self.ahead:
            if self.matches(text):
                return text
            wanted = self._text(_ending(part), choices, {}, 0)
            at = choices.index(min(len(text) + 1, 16))
            replaced = text[:at] + wanted + text[at + len(wanted) :]
            text = replaced if self.matches(replaced) else text[:at] + wanted + text[at:]
        return text

    def _text(self, part: r.Regex, choices: Choices, groups: dict[int, str], stretch: int) -> str:
        match part:
            case r.Chars(options):
                return options[choices.index(len(options))]
            case r.Sequence(parts):
                return "".join([self._text(each, choices, groups, stretch) for each in parts])
            case r.Either(options):
                return self._text(pick(choices, options), choices, groups, stretch)
            case r.Repeat(inner, least, most):
                return self._repeated(inner, least, most, choices, groups, stretch)
            case r.Group(number, inner):
                text = groups[number] = self._text(inner, choices, groups, stretch)
                return text
            case r.Again(group):
                return groups.get(group, "")
            case _:
                return ""

    def _repeated(
        self,
        part: r.Regex,
        least: int,
        most: float,
        choices: Choices,
        groups: dict[int, str],
        stretch: int,
    ) -> str:
        counts = _counts(least, most)
        count = counts[choices.index(len(counts))] if len(counts) > 1 else least
        count = int(min(count + stretch, most))
        if isinstance(part, r.Chars) and count > 2:
            # Two draws for all of them: where to begin in the options, and how far to step.
            options = part.options
            start = choices.index(min(len(options), 64))
            step = choices.index(min(len(options), 16))
            return "".join([options[(start + i * step) % len(options)] for i in range(count)])
        return "".join([self._text(part, choices, groups, stretch) for _ in range(count)])


def _counts(least: int, most: float) -> list[int]:
    if most == least:
        return [least]
    usual = [least, least + 1, least + 2, least + 3, least + 7]
    if most <= least + 4096:
        usual += [int(most), int(most) - 1]
    return [count for count in dict.fromkeys(usual) if least <= count <= most]


def _ending(part: r.Regex) -> r.Regex:
    """A lookahead without the `.*` that only says "somewhere"."""
    if isinstance(part, r.Sequence) and part.parts:
        first = part.parts[0]
        if isinstance(first, r.Repeat) and first.least == 0:
            return r.Sequence(part.parts[1:])
    return part


def _walk(part: Any) -> Iterator[r.Regex]:
    yield part
    for inner in (*getattr(part, "parts", ()), *getattr(part, "options", ())):
        if not isinstance(inner, str):
            yield from _walk(inner)
    if hasattr(part, "part"):
        yield from _walk(part.part)
