"""What is mined where the source says it in a roundabout way: flags, partials, generators, events,
objects with one member, classes found by what they inherit."""

from __future__ import annotations

import functools
import inspect
import json
import re
from typing import Any

import pytest

from pytest_routes.generate.vocabulary import Site, Term, mine


def site_of(handler: Any) -> Site:
    (site,) = mine(handler).sites
    return site


def member(term: Term, *names: str) -> Term:
    for name in names:
        term = term.children["field", name]
    return term


def asked(handler: Any, key: Any) -> list[tuple[Any, ...]]:
    """The values of which each branch asks for one at the key."""
    return [
        c.values
        for s in site_of(handler).shapes
        for c in s.conditions
        if c.term.key == key and c.operation == "is"
    ]


# Regular expressions with flags.

BOOKING = re.compile(
    r"""book \s (?P<seat> [A-F] \d )  # a row and a number
    """,
    re.VERBOSE,
)
PLAIN = re.compile(r"(?x) leave \s now", re.X)


async def _compiled(ws: Any) -> None:
    if BOOKING.fullmatch(await ws.receive_text()):
        await ws.send_text("booked")


async def _written(ws: Any) -> None:
    if re.match(r"go \s (\d+)", await ws.receive_text(), re.VERBOSE | re.ASCII):
        await ws.send_text("gone")


async def _said_twice(ws: Any) -> None:
    if PLAIN.match(await ws.receive_text()):
        await ws.send_text("left")


async def _of_bytes(ws: Any) -> None:
    if re.fullmatch(rb"ab \d", await ws.receive_bytes(), flags=re.VERBOSE):
        await ws.send_text("ok")


@pytest.mark.parametrize(
    ("handler", "pattern"),
    [
        (_compiled, f"(?x){BOOKING.pattern}"),
        (_written, r"(?xa)go \s (\d+)"),
        (_said_twice, PLAIN.pattern),
        (_of_bytes, rb"(?x)ab \d"),
    ],
)
def test_flags_belong_to_the_pattern(handler: Any, pattern: Any) -> None:
    assert site_of(handler).term.patterns == [pattern]


# Partial functions.


def _open_gate(gate: dict[str, int], name: str = "", width: str = "") -> str:
    if name not in ("north", "south"):
        return "which?"
    return f"{int(width)} wide"


def _shut_gate(gate: dict[str, int]) -> str:
    return "shut"


async def _gates(ws: Any) -> None:
    gate: dict[str, int] = {}
    table = {f.__name__: functools.partial(f, gate) for f in (_open_gate, _shut_gate)}
    while True:
        verb, *words = (await ws.receive_text()).split()
        if verb in table:
            await ws.send_text(table[verb](*words))


def test_a_partial_function_takes_the_words_behind_its_first_arguments() -> None:
    pieces = site_of(_gates).term.children["split", " "]
    assert pieces.children["index", 0].values == ["_open_gate", "_shut_gate"]
    rest = pieces.children["slice", (1, None)]
    assert rest.children["index", 0].values == ["north", "south"]
    assert "int" in rest.children["index", 1].uses


# Types of arguments beside the function, in a table.

VERBS: dict[str, Any] = {}


def verb(*types: Any) -> Any:
    def register(function: Any) -> Any:
        VERBS[function.__name__] = (types, function)
        return function

    return register


def _level(word: str) -> int:
    if word not in ("low", "high"):
        raise ValueError(word)
    return int(word == "high")


@verb(str, _level)
def shelve(name: str, level: int) -> str:
    return "rare" if name == "atlas" else "common"


@verb()
def tidy() -> str:
    return "tidy"


async def _shelves(ws: Any) -> None:
    while True:
        said, *words = (await ws.receive_text()).split() or [""]
        types, function = VERBS[said]
        arguments = [convert(word) for convert, word in zip(types, words, strict=False)]
        await ws.send_text(function(*arguments))


def test_words_are_converted_as_the_entry_of_their_command_says() -> None:
    rest = site_of(_shelves).term.children["split", " "].children["slice", (1, None)]
    assert rest.children["index", 0].values == ["atlas"]
    assert rest.children["index", 1].values == ["low", "high"]
    (tidy_,) = [
        s for s in site_of(_shelves).shapes if ("tidy",) in [c.values for c in s.conditions]
    ]
    assert not any(t.parent is rest for t in tidy_.reads)


# Generators that take messages.


def _counter() -> Any:
    total, answer = 0, None
    while True:
        message = yield answer
        if message.get("do") == "add" and message["by"] > 17:
            total += message["by"]
        answer = {"total": total}


class Spoken:
    def __init__(self) -> None:
        self.talk = self._talk()
        next(self.talk)

    def _talk(self) -> Any:
        line = yield
        while True:
            line = yield "hi" if line == "hello" else "what?"


async def _counted(ws: Any) -> None:
    counter = _counter()
    next(counter)
    while True:
        await ws.send_json(counter.send(await ws.receive_json()))


async def _spoken(ws: Any) -> None:
    spoken = Spoken()
    while True:
        await ws.send_text(spoken.talk.send(await ws.receive_text()))


def test_what_is_sent_to_a_generator_is_what_yield_gives() -> None:
    message = site_of(_counted).term
    assert member(message, "do").values == ["add"]
    assert member(message, "by").bounds == [17]


def test_a_generator_may_be_kept_by_an_object() -> None:
    assert site_of(_spoken).term.values == ["hello"]


async def _only_yields(ws: Any) -> None:
    def numbers() -> Any:
        yield "one"
        yield "two"

    if await ws.receive_text() in numbers():
        await ws.send_text("known")


def test_a_generator_that_takes_nothing_is_what_it_was() -> None:
    assert site_of(_only_yields).term.children == {}


# Raw events in `match`.


async def _matched_events(scope: Any, receive: Any, send: Any) -> None:
    while True:
        match await receive():
            case {"type": "websocket.disconnect"}:
                return
            case {"type": "websocket.receive", "bytes": bytes(data)} if data == b"\x01":
                await send({"type": "websocket.send", "bytes": b"\x02"})
            case {"type": "websocket.receive", "text": str(line)}:
                if line.split("/")[0] == "move":
                    await send({"type": "websocket.send", "text": "moved"})


def test_a_case_names_what_an_event_carries() -> None:
    sites = {site.frame: site for site in mine(_matched_events).sites}
    assert set(sites) == {"text", "bytes"}
    assert sites["text"].term.children["split", "/"].children["index", 0].values == ["move"]
    assert sites["bytes"].term.values == [b"\x01"]


# Objects with one member.


async def _by_unpacking(ws: Any) -> None:
    while True:
        message = json.loads(await ws.receive_text())
        if len(message) != 1:
            continue
        [(name, body)] = message.items()
        if name == "paint":
            await ws.send_text(str(body["layers"] > 3))
        elif name == "sand":
            await ws.send_text("fine" if body["grit"] == 240 else "rough")


async def _by_match(ws: Any) -> None:
    while True:
        name, body = next(iter(json.loads(await ws.receive_text()).items()))
        match name:
            case "paint":
                await ws.send_text(str(body["layers"] > 3))
            case "sand":
                await ws.send_text("fine" if body["grit"] == 240 else "rough")


def _paint(body: Any) -> str:
    return str(body["layers"] > 3)


def _sand(body: Any) -> str:
    return "fine" if body["grit"] == 240 else "rough"


async def _by_table(ws: Any) -> None:
    jobs = {"paint": _paint, "sand": _sand}
    while True:
        name, body = json.loads(await ws.receive_text()).popitem()
        if name in jobs:
            await ws.send_text(jobs[name](body))


@pytest.mark.parametrize("handler", [_by_unpacking, _by_match, _by_table])
def test_what_stands_beside_a_name_is_the_member_of_that_name(handler: Any) -> None:
    message = site_of(handler).term.children["json", None]
    assert member(message, "paint", "layers").bounds == [3]
    assert member(message, "sand", "grit").values == [240]
    assert ("field", "grit") not in member(message, "paint").children


# Classes by what they inherit, and their exposed methods.


class Tool:
    exposed: tuple[str, ...] = ()

    def use(self, method: Any, options: Any) -> str:
        if method not in self.exposed:
            return "no"
        answer: str = getattr(self, method)(options)
        return answer


class Saw(Tool):
    exposed = ("cut",)

    def cut(self, options: Any) -> str:
        return "done" if options["wood"] == "oak" else "no"

    def oil(self, options: Any) -> str:
        return str(options["oil"] == "linseed")


class Drill(Tool):
    exposed = ("bore",)

    def bore(self, options: Any) -> str:
        return "done" if options["depth"] > 55 else "no"


async def _tools(ws: Any) -> None:
    tools = {cls.__name__.upper(): cls() for cls in Tool.__subclasses__()}
    while True:
        message = await ws.receive_json()
        tool = tools[message["tool"]]
        await ws.send_text(tool.use(message["method"], message["options"]))


def test_subclasses_are_an_application_s_commands() -> None:
    message = site_of(_tools).term
    assert member(message, "tool").values == ["SAW", "DRILL"]
    assert member(message, "options", "wood").values == ["oak"]
    assert member(message, "options", "depth").bounds == [55]


def test_only_methods_that_were_let_through_are_looked_up() -> None:
    message = site_of(_tools).term
    assert member(message, "method").values == ["cut", "bore"]
    assert ("field", "oil") not in member(message, "options").children


# Several names that must all be known.

PLANTS = ("fern", "moss", "ivy")


async def _swapped(ws: Any) -> None:
    potted: set[str] = set()
    while True:
        verb, first, *rest = (await ws.receive_text()).split(":")
        if first not in PLANTS:
            continue
        if verb == "pot":
            potted.add(first)
        elif verb == "swap" and {first, rest[0]} <= potted:
            await ws.send_text("swapped")


def test_names_that_are_looked_up_together_are_names_of_the_same_things() -> None:
    rest = site_of(_swapped).term.children["split", ":"].children["slice", (2, None)]
    assert rest.children["index", 0].told
    assert rest.children["index", 0].values == ["fern", "moss", "ivy"]


async def _positions(ws: Any) -> None:
    row: list[str] = []
    while True:
        words = (await ws.receive_text()).split("-")
        first, second = int(words[0]), int(words[1])
        row.append("x")
        if max(first, second) > len(row):
            await ws.send_text("nobody there")


def test_the_greater_of_two_is_compared_with_what_the_application_counts() -> None:
    pieces = site_of(_positions).term.children["split", "-"]
    assert [pieces.children["index", n].told for n in (0, 1)] == [True, True]


async def _mapped(ws: Any) -> None:
    while True:
        x, y = map(int, (await ws.receive_text()).split("x"))
        await ws.send_text(str(x * y))


def test_unpacked_pieces_are_what_each_of_them_was_turned_into() -> None:
    pieces = site_of(_mapped).term.children["split", "x"]
    assert [list(pieces.children["index", n].uses) for n in (0, 1)] == [["int"], ["int"]]


# Methods that an object finds among its own.


class _Listed:
    def __init__(self) -> None:
        self.actions = {
            name[3:]: getattr(self, name) for name in dir(self) if name.startswith("do_")
        }

    def do_push(self, message: Any) -> str:
        return "far" if message["by"] > 19 else "near"

    def do_pull(self, message: Any) -> str:
        return "broken" if message["how"] == "hard" else "moved"

    def undo(self, message: Any) -> str:
        return str(message["steps"])


class _Inspected(_Listed):
    def __init__(self) -> None:
        found = inspect.getmembers(self, inspect.ismethod)
        self.actions = {
            name.removeprefix("do_"): method
            for name, method in found
            if not name.startswith("_") and name.startswith("do_")
        }


async def _by_dir(ws: Any) -> None:
    actions = _Listed().actions
    while True:
        message = await ws.receive_json()
        await ws.send_text(actions[message["action"]](message))


async def _by_members(ws: Any) -> None:
    actions = _Inspected().actions
    while True:
        message = await ws.receive_json()
        await ws.send_text(actions[message["action"]](message))


@pytest.mark.parametrize("handler", [_by_dir, _by_members])
def test_methods_that_an_object_looks_for_are_commands(handler: Any) -> None:
    message = site_of(handler).term
    assert member(message, "action").values == ["pull", "push"]
    assert member(message, "by").bounds == [19]
    assert member(message, "how").values == ["hard"]
    assert ("field", "steps") not in message.children
