"""What is mined, and made, of the groups of regular expressions."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.matches import matching
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.vocabulary import mine

ORDER = re.compile(r"(load|unload|move) (\d{1,3}) ([a-z]{1,9})")


async def _yard(ws: Any) -> None:
    held: dict[str, int] = {}
    while True:
        match = ORDER.fullmatch(await ws.receive_text())
        if match is None:
            continue
        verb, amount, item = match.groups()
        if verb == "load":
            held[item] = int(amount)
        elif verb == "unload":
            held[item] -= int(amount)
        else:
            print(held)


def test_the_last_branch_is_about_the_words_that_are_left_of_a_group() -> None:
    (site,) = mine(_yard).sites
    verbs = [c.values for s in site.shapes for c in s.conditions if c.operation == "is"]
    assert verbs == [("load",), ("unload", "move"), ("unload",), ("move",)]


def _clean() -> Memory:
    memory = Memory()
    memory.clean = True
    return memory


def test_clean_conversations_put_few_words_into_groups_each_where_it_fits() -> None:
    (site,) = mine(_yard).sites
    (load,) = [s for s in site.shapes if any("load" in c.values for c in s.conditions)]
    make = matching(site.term, ORDER.pattern, load)
    assert make is not None
    made = [make(RandomChoices(seed), _clean()) for seed in range(300)]
    amounts = Counter(match[2] for match in map(ORDER.fullmatch, made) if match)
    assert sum(amounts.values()) == 300
    assert amounts["1"] + amounts["0"] + amounts["2"] > 150
