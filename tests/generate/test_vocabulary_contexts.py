"""What is mined of messages that handlers are handed by context managers and generators."""

from __future__ import annotations

import contextlib
from contextlib import asynccontextmanager, contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary import mine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pytest_routes.generate.vocabulary import Term


def text_of(handler: Any) -> Term:
    (site,) = mine(handler).sites
    assert site.frame == "text"
    return site.term


@asynccontextmanager
async def _conversation(receive: Any, send: Any) -> AsyncIterator[AsyncIterator[str]]:
    await send({"type": "websocket.accept"})

    async def texts() -> AsyncIterator[str]:
        while (event := await receive())["type"] == "websocket.receive":
            yield event["text"]

    yield texts()


async def _yielded(scope: Any, receive: Any, send: Any) -> None:
    async with _conversation(receive, send) as texts:
        async for text in texts:
            print(text == "moor")


class _Berth:
    def __init__(self, ws: Any) -> None:
        self.ws = ws

    async def __aenter__(self) -> _Berth:
        await self.ws.accept()
        return self

    async def __aexit__(self, *_: object) -> None: ...

    @contextmanager
    def lines(self) -> Iterator[Any]:
        yield self.ws.iter_text()


async def _of_objects(ws: Any) -> None:
    async with _Berth(ws) as berth:
        with berth.lines() as lines:
            async for line in lines:
                print(line == "cast off")


async def _closing(ws: Any) -> None:
    async with contextlib.aclosing(ws.iter_text()) as lines:
        async for line in lines:
            print(line == "anchor")


async def _stacked(ws: Any) -> None:
    async with contextlib.AsyncExitStack() as stack:
        berth = await stack.enter_async_context(_Berth(ws))
        lines = stack.enter_context(berth.lines())
        async for line in lines:
            print(line == "weigh anchor")


def test_what_a_context_manager_yields_is_read() -> None:
    assert text_of(_yielded).values == ["moor"]
    assert text_of(_of_objects).values == ["cast off"]
    assert text_of(_closing).values == ["anchor"]
    assert text_of(_stacked).values == ["weigh anchor"]


# Words that are joined again.


class _Wind(Enum):
    CALM = "calm"
    LIGHT_AIR = "light air"


async def _joined(ws: Any) -> None:
    async for line in ws.iter_text():
        verb, *rest = line.split()
        if verb == "wind":
            print(_Wind(" ".join(rest)))
        elif verb == "swell":
            print(int(rest[0]))


async def _joined_by_another(ws: Any) -> None:
    async for line in ws.iter_text():
        print("-".join(line.split(":")[1:]) == "a-b")


async def _joined_wholly(ws: Any) -> None:
    async for line in ws.iter_text():
        words = line.split()
        print(" ".join(words) == "drop anchor")


def test_words_that_are_joined_again_are_the_rest_of_the_text() -> None:
    rest = text_of(_joined).children["split", " "].children["slice", (1, None)]
    assert rest.children["tail", " "].values == ["calm", "light air"]
    assert rest.children["index", 0].values == []
    assert text_of(_joined_wholly).values == ["drop anchor"]


def test_words_that_are_joined_by_something_else_are_no_part_of_the_text() -> None:
    (rest,) = text_of(_joined_by_another).children["split", ":"].of("slice")
    assert rest.children == {}
