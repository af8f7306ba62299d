"""Texts that a handler looks into character by character, or reads as Python."""

from __future__ import annotations

import ast
import json
from typing import Any

import pytest
from generate.saying import share

from pytest_routes.generate.vocabulary import mine

KEYS = frozenset("hjkl")


async def _set_difference(ws: Any) -> None:
    async for text in ws.iter_text():
        if not text or set(text) - KEYS:
            await ws.send_text("unknown key")
        else:
            await ws.send_text("moved")


async def _subset(ws: Any) -> None:
    async for text in ws.iter_text():
        if set(text) <= KEYS:
            await ws.send_text("moved")


async def _method_of_the_set(ws: Any) -> None:
    async for text in ws.iter_text():
        if frozenset(text).issubset("hjkl"):
            await ws.send_text("moved")


async def _method_of_the_known(ws: Any) -> None:
    async for text in ws.iter_text():
        if KEYS.issuperset(text):
            await ws.send_text("moved")


async def _all(ws: Any) -> None:
    async for text in ws.iter_text():
        if all(key in "hjkl" for key in text):
            await ws.send_text("moved")


async def _any_not(ws: Any) -> None:
    async for text in ws.iter_text():
        if any(key not in KEYS for key in text):
            await ws.send_text("unknown key")
            continue
        await ws.send_text("moved")


async def _loop(ws: Any) -> None:
    async for text in ws.iter_text():
        for _, key in enumerate(text):
            if key not in ("h", "j", "k", "l"):
                await ws.send_text("unknown key")
                break
        else:
            await ws.send_text("moved")


async def _scanner(ws: Any) -> None:
    async for text in ws.iter_text():
        at = 0
        while at < len(text) and text[at] in "hjkl":
            at += 1
        await ws.send_text(str(at))


_ALPHABETS = [
    _set_difference,
    _subset,
    _method_of_the_set,
    _method_of_the_known,
    _all,
    _any_not,
    _loop,
    _scanner,
]


@pytest.mark.parametrize("handler", _ALPHABETS)
def test_the_characters_that_a_text_may_have_are_known(handler: Any) -> None:
    (site,) = mine(handler).sites
    (letter,) = site.term.of("letter")
    assert sorted(letter.values) == ["h", "j", "k", "l"]


@pytest.mark.parametrize("handler", _ALPHABETS)
def test_texts_of_known_characters_are_said(handler: Any) -> None:
    assert share(handler, lambda text: len(text) > 1 and set(text) <= KEYS) > 0.3


async def _single(ws: Any) -> None:
    async for text in ws.iter_text():
        for letter in text:
            if letter == "+":
                await ws.send_text("up")
            elif letter == "-":
                await ws.send_text("down")


def test_characters_of_several_branches_are_said_in_one_text() -> None:
    assert share(_single, lambda text: {"+", "-"} <= set(text) <= {"+", "-"}) > 0.15


async def _of_a_list(ws: Any) -> None:
    async for data in ws.iter_json():
        for step in data["steps"]:
            if step not in ("north", "south"):
                await ws.send_text("no such step")


def test_the_items_of_a_list_are_no_characters() -> None:
    (site,) = mine(_of_a_list).sites
    (steps,) = site.term.of("field")
    assert not steps.of("letter")
    (item,) = steps.of("item")
    assert item.values == ["north", "south"]


async def _words(ws: Any) -> None:
    async for text in ws.iter_text():
        verb, *numbers = text.split()
        if verb == "add":
            await ws.send_text(str(sum(int(number) for number in numbers)))


def test_the_words_of_a_text_are_no_characters() -> None:
    (site,) = mine(_words).sites
    assert not any(term.role == "letter" for term in site.term.walk())


async def _calculator(ws: Any) -> None:
    async for data in ws.iter_json():
        source = data["source"]
        if isinstance(source, str) and len(source) < 100:
            tree = ast.parse(source)
            await ws.send_text(str(len(tree.body[0].targets)))  # type: ignore[attr-defined]


def _tree(data: Any) -> ast.Module | None:
    try:
        return ast.parse(json.loads(data)["source"])
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError):
        return None


def _has(kind: type[ast.AST]) -> Any:
    return lambda data: any(isinstance(n, kind) for n in ast.walk(_tree(data) or ast.Module()))


@pytest.mark.parametrize(
    "kind", [ast.FloorDiv, ast.Pow, ast.Assign, ast.Compare, ast.Call, ast.Not, ast.BitXor]
)
def test_what_is_read_as_python_has_every_operator(kind: type[ast.AST]) -> None:
    assert share(_calculator, _has(kind)) > 0


async def _evaluated(ws: Any) -> None:
    async for text in ws.iter_text():
        await ws.send_text(str(ast.literal_eval(text)))


def test_what_is_read_as_a_literal_is_mostly_one() -> None:
    def fits(text: str) -> bool:
        try:
            return isinstance(ast.literal_eval(text), (list, dict, tuple, set, int, str))
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return False

    assert share(_evaluated, fits) > 0.3
