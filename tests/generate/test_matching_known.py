"""Words that were said before, in the groups of a regular expression."""

from __future__ import annotations

import re
from typing import Any

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.recipes import recipe
from pytest_routes.generate.vocabulary import mine

MIX = re.compile(r"mix (?P<one>[a-f]\d)(?P<how>[+*])(?P<other>[a-f]\d)")
ASK = re.compile(r"ask (?P<which>[a-f]\d)")


async def _paints(ws: Any) -> None:
    paints: dict[str, str] = {}
    while True:
        line = await ws.receive_text()
        if found := MIX.fullmatch(line):
            paints[found["one"]] = found["how"] + found["other"]
        elif found := ASK.fullmatch(line):
            await ws.send_text(paints.get(found["which"], "none"))


def _lines(pattern: re.Pattern[str], words: list[str]) -> list[str]:
    (site,) = mine(_paints).sites
    shapes = [s for s in site.shapes if any(pattern.pattern in c.values for c in s.conditions)]
    make = recipe(site.term, max(shapes, key=lambda shape: len(shape.reads)))
    choices = RandomChoices(1)
    lines = []
    for _ in range(200):
        memory = Memory()
        memory.clean = memory.earnest = True
        for word in words:
            memory.put(word)
        lines.append(make(choices, memory))
    return lines


def test_what_is_looked_up_is_one_of_the_known_words_that_fit() -> None:
    asked = _lines(ASK, ["c7", "+", "mixed"])
    assert asked.count("ask c7") > 70
