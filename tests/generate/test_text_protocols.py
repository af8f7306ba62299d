"""Protocols that handlers take apart by hand: what is mined of them, and what is sent."""

from __future__ import annotations

import csv
import json
import re
import struct
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl

import pytest
from generate.saying import said, share

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Answered, Opened, Transcript

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary import Term


def term_of(handler: Any, *ways: tuple[str, Any]) -> Term:
    (site,) = mine(handler).sites
    term = site.term
    for way in ways:
        term = term.children[way]  # type: ignore[index]
    return term


# Names and values.


async def _form(ws: Any) -> None:
    async for text in ws.iter_text():
        form = parse_qs(text)
        if form["action"][0] == "rename":
            print(form.get("to", [""])[-1])


async def _form_as_a_dict(ws: Any) -> None:
    async for text in ws.iter_text():
        form = {name: values[0] for name, values in parse_qs(text).items()}
        if form["action"] == "rename":
            print(form.get("to", ""))


async def _form_in_pairs(ws: Any) -> None:
    async for text in ws.iter_text():
        form = dict(parse_qsl(text))
        if form["action"] == "rename":
            print(form.get("to"))


async def _form_put_together(ws: Any) -> None:
    while True:
        form = {}
        for name, value in parse_qsl(await ws.receive_text()):
            form[name] = value
        if form["action"] == "rename":
            print(form.get("to"))


async def _form_name_by_name(ws: Any) -> None:
    while True:
        for name, value in parse_qsl(await ws.receive_text()):
            if name == "action":
                print(value == "rename")
            elif name == "to":
                print(value)


@pytest.mark.parametrize(
    "handler",
    [_form, _form_as_a_dict, _form_in_pairs, _form_put_together, _form_name_by_name],
)
def test_forms_are_sent_with_the_names_that_are_read(handler: Any) -> None:
    assert set(term_of(handler, ("query", None)).children) >= {("field", "action"), ("field", "to")}
    assert share(handler, lambda text: dict(parse_qsl(text)).get("action") == "rename") > 0.2
    assert share(handler, lambda text: "to" in dict(parse_qsl(text, True))) > 0.2


PAIR = re.compile(r"(\w+):=(\S+)")


async def _found_pairs(ws: Any) -> None:
    async for text in ws.iter_text():
        settings = dict(PAIR.findall(text))
        if settings["mode"] == "fast":
            print(settings.get("gear"))


async def _found_matches(ws: Any) -> None:
    async for text in ws.iter_text():
        settings = {match[1]: match[2] for match in PAIR.finditer(text)}
        if settings["mode"] == "fast":
            print(settings.get("gear"))


async def _found_one_by_one(ws: Any) -> None:
    async for text in ws.iter_text():
        settings = {}
        for match in re.finditer(r"(?P<name>\w+):=(?P<value>\S+)", text):
            settings[match["name"]] = match["value"]
        if settings["mode"] == "fast":
            print(settings.get("gear"))


@pytest.mark.parametrize("handler", [_found_pairs, _found_matches, _found_one_by_one])
def test_texts_hold_names_and_values_as_a_pattern_finds_them(handler: Any) -> None:
    assert share(handler, lambda text: dict(PAIR.findall(text)).get("mode") == "fast") > 0.2
    assert share(handler, lambda text: "gear" in dict(PAIR.findall(text))) > 0.2


async def _found_words(ws: Any) -> None:
    async for text in ws.iter_text():
        name, *rest = re.findall(r"[a-z]+", text)
        if name == "launch":
            print(rest[0])


async def _found_places(ws: Any) -> None:
    async for text in ws.iter_text():
        for x, y, turn in re.findall(r"(\d+),(\d+)(N|E)?", text):
            print(int(x), int(y), turn)


async def _split_by_pattern(ws: Any) -> None:
    async for text in ws.iter_text():
        words = re.split(r"\s*;\s*", text)
        if words[0] == "launch":
            print(words[1])


def test_texts_hold_what_a_pattern_finds_several_times() -> None:
    assert share(_found_words, lambda text: re.findall(r"[a-z]+", text)[:1] == ["launch"]) > 0.3
    places = Counter(len(re.findall(r"(\d+),(\d+)(N|E)?", text)) for text in said(_found_places))
    assert min(places[1], places[2], places[3]) > 10
    assert share(_split_by_pattern, lambda text: text.split(";")[0] == "launch") > 0.3


# Commands.


def _store(args: list[str]) -> None:
    print(args[0], args[1])


def _drop(args: list[str]) -> None:
    for name in args[1:]:
        print(name)


VERBS = {"STORE": (_store, 2), "DROP": (_drop, 3)}


async def _arity_table(ws: Any) -> None:
    async for text in ws.iter_text():
        verb, *args = text.split()
        function, least = VERBS[verb.upper()]
        if len(args) >= least:
            function(args)


async def _dialogue(ws: Any) -> None:
    async for text in ws.iter_text():
        if text == "." or text.startswith(".."):
            continue
        verb, _, rest = text.partition(" ")
        if verb == "LOAD":
            print(rest)
        elif verb == "KEEP" and rest:
            print("kept", rest)


async def _arguments(ws: Any) -> None:
    async for text in ws.iter_text():
        verb, *args = text.split()
        if verb == "open" and args:
            print("open")


def test_a_table_of_functions_with_more_leads_into_the_functions() -> None:
    words = [str(text).split() for text in said(_arity_table)]
    assert sum(w[:1] == ["STORE"] and len(w) == 3 for w in words) > 100
    assert sum(w[:1] == ["DROP"] and len(w) >= 3 for w in words) > 60


def test_a_command_is_said_whatever_the_message_as_a_whole_may_be() -> None:
    assert share(_dialogue, lambda text: text.startswith(("LOAD ", "KEEP "))) > 0.3


def test_a_branch_that_asks_for_arguments_gets_one() -> None:
    assert share(_arguments, lambda text: text.split()[:1] == ["open"] and " " in text) > 0.3


ROUTES: list[tuple[re.Pattern[str], Any]] = []


def _route(pattern: str) -> Any:
    def registered(function: Any) -> Any:
        ROUTES.append((re.compile(pattern), function))
        return function

    return registered


class _Desk:
    def __init__(self) -> None:
        self.role = ""


@_route(r"!role (?P<role>[a-z]+)")
def _take_role(desk: _Desk, role: str) -> None:
    desk.role = role


@_route(r"!expel (?P<who>[a-z]+)")
def _expel(desk: _Desk, who: str) -> None:
    if desk.role == "warden" and who == "guest":
        print("expelled")


async def _routed(ws: Any) -> None:
    desk = _Desk()
    async for text in ws.iter_text():
        for pattern, function in ROUTES:
            if found := pattern.fullmatch(text):
                function(desk, **found.groupdict())
                break


BY_NAME = {"take": _store, "drop": _drop}


async def _named_in_a_loop(ws: Any) -> None:
    async for text in ws.iter_text():
        name, *args = text.split()
        for known, function in BY_NAME.items():
            if name == known:
                function(args)


def test_patterns_are_read_with_the_functions_that_are_registered_for_them() -> None:
    assert share(_routed, lambda text: text.startswith("!expel ")) > 0.2
    assert share(_routed, lambda text: text == "!expel guest") > 0.05


def test_what_is_kept_of_a_message_is_what_a_later_one_asks_for() -> None:
    assert share(_routed, lambda text: text == "!role warden") > 0.05


def test_a_loop_over_a_table_is_a_way_to_look_it_up() -> None:
    assert share(_named_in_a_loop, lambda text: re.match(r"take \S+ \S", text)) > 0.2
    assert share(_named_in_a_loop, lambda text: text.startswith("drop ")) > 0.1


def _parsed(text: str) -> tuple[str, dict[str, str], str]:
    head, _, body = text.partition("\n\n")
    verb, *lines = head.split("\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        headers.setdefault(name, value)
    return verb, headers, body


def _wanted(headers: dict[str, str], *names: str) -> list[str]:
    missing = [name for name in names if not headers.get(name)]
    if missing:
        raise LookupError(missing)
    return [headers[name] for name in names]


async def _header_lines(ws: Any) -> None:
    topics: dict[str, dict[str, str]] = {}

    def handle(verb: str, headers: dict[str, str], body: str) -> None:
        if verb == "HELLO" and "2.0" in headers.get("versions", "").split(","):
            print(body)
        elif verb == "WATCH":
            key, topic = _wanted(headers, "key", "topic")
            topics[key] = {"topic": topic}

    async for text in ws.iter_text():
        handle(*_parsed(text))


def test_header_lines_are_sent_with_the_names_that_are_asked_for() -> None:
    wanted = "WATCH\nkey: "
    assert share(_header_lines, lambda text: text.startswith(wanted) and "\ntopic: " in text) > 0.05
    assert share(_header_lines, lambda text: text.startswith("HELLO\nversions: 2.0\n\n")) > 0.1


# Rows.

CREW = {"rank", "name", "age"}


class _Sheet:
    def __init__(self) -> None:
        self.columns: list[str] | None = None

    def row(self, text: str) -> None:
        cells = next(csv.reader([text], delimiter=";"), [])
        if self.columns is None:
            if set(cells) == CREW:
                self.columns = cells
            return
        row = dict(zip(self.columns, cells, strict=True))
        if row["rank"] == "bosun":
            print(int(row["age"]))


async def _rows(ws: Any) -> None:
    sheet = _Sheet()
    async for text in ws.iter_text():
        if text == "END":
            return
        sheet.row(text)


async def _whole_line(ws: Any) -> None:
    async for text in ws.iter_text():
        if text.split(" ") == ["HULL", "UP"]:
            print(text)


def test_rows_are_sent_under_the_columns_that_a_line_has_named() -> None:
    assert share(_rows, lambda text: text == "age;name;rank") > 0.1
    assert share(_rows, lambda text: re.fullmatch(r"-?\d+;[^;]*;bosun", text)) > 0.05


def test_all_words_that_a_line_is_compared_with_are_one_line() -> None:
    assert share(_whole_line, lambda text: text == "HULL UP") > 0.2


# Tokens.

SYMBOL = re.compile(r"\s*([0-9]+|[a-z]\w*|[-+*()])")


def _symbols(text: str) -> list[str]:
    found = []
    at = 0
    while at < len(text):
        symbol = SYMBOL.match(text, at)
        if symbol is None:
            raise SyntaxError(text)
        found.append(symbol[1])
        at = symbol.end()
    return found


async def _sheet(ws: Any) -> None:
    async for text in ws.iter_text():
        verb, _, rest = text.partition(" ")
        if verb == "compute":
            print(_symbols(rest))


async def _symbols_found(ws: Any) -> None:
    async for text in ws.iter_text():
        stack: list[str] = []
        for symbol in re.findall(r"\d+|[-+*()]", text):
            if symbol == "-":
                stack.pop()
            stack.append(symbol)


def test_texts_of_tokens_are_expressions() -> None:
    wanted = re.compile(r"compute .*\d [-+*] .*\d.*")
    assert share(_sheet, lambda text: wanted.fullmatch(text)) > 0.1
    assert share(_sheet, lambda text: text.startswith("compute (")) > 0.03
    assert share(_symbols_found, lambda text: re.search(r"\d ?[-+*] ?\d", text)) > 0.05


# Bytes.

HEADS = {1: struct.Struct(">H"), 2: struct.Struct(">3sB"), 3: struct.Struct(">3s")}


async def _head_by_kind(ws: Any) -> None:
    known: dict[bytes, int] = {}

    def opened(size: int) -> None:
        print(size)

    def filled(name: bytes, level: int) -> None:
        known[name] = known[name] + level

    def closed(name: bytes) -> None:
        del known[name]

    functions = {1: opened, 2: filled, 3: closed}
    async for data in ws.iter_bytes():
        kind, body = data[0], data[1:]
        head = HEADS[kind]
        functions[kind](*head.unpack_from(body))


def test_what_one_kind_of_message_unpacks_is_no_part_of_another() -> None:
    (site,) = mine(_head_by_kind).sites
    layouts = {
        tuple(c.values for c in shape.conditions if c.operation == "is"): {
            term.key for term in shape.reads if term.role == "struct"
        }
        for shape in site.shapes
    }
    assert layouts[((1,),)] == {">H"}
    assert layouts[((2,),)] == {">3sB"}
    assert layouts[((3,),)] == {">3s"}


def test_bytes_that_are_looked_up_are_such_as_the_server_has_told() -> None:
    source = message_source(Route("websocket", "/ws", handler=_head_by_kind))
    choices = RandomChoices(1)
    ids = Counter[bytes]()
    for _ in range(200):
        transcript = Transcript()
        transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/ws")))
        transcript.events.append(Answered(time=0, client=0, message=Message("bytes", b"\x01xyz")))
        data = source.message(choices, transcript, 0).data
        if isinstance(data, bytes) and data[:1] == b"\x03":
            ids[data[1:4]] += 1
    assert ids.most_common(1)[0][0] == b"xyz"


async def _records_by_position(ws: Any) -> None:
    async for data in ws.iter_bytes():
        at = 0
        while at < len(data):
            sort = data[at]
            size = int.from_bytes(data[at + 1 : at + 3], "little")
            at += 3
            body = data[at : at + size]
            at += size
            if sort == 7 and body[0] == 9:
                print(body)


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def next(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) != count:
            raise EOFError
        self._at += count
        return found

    def number(self) -> int:
        return int.from_bytes(self.next(2), "little")


async def _records_by_methods(ws: Any) -> None:
    async for data in ws.iter_bytes():
        rest = _Bytes(data)
        sort = rest.next(1)[0]
        if sort == 7:
            body = rest.next(rest.number())
            print(body[0] == 9)
        elif sort == 8:
            print(rest.number(), rest.number())


@pytest.mark.parametrize("handler", [_records_by_position, _records_by_methods])
def test_records_are_as_long_as_they_say(handler: Any) -> None:
    def whole(data: bytes) -> bool:
        return data[:1] == b"\x07" and len(data) == 3 + int.from_bytes(data[1:3], "little")

    assert share(handler, whole) > 0.25
    assert share(handler, lambda data: whole(data) and data[3:4] == b"\x09") > 0.05
    assert share(handler, lambda data: data == b"\x07\0\0") > 0.01


def test_what_is_read_under_one_sort_of_record_is_no_part_of_another() -> None:
    assert share(_records_by_methods, lambda data: len(data) == 5 and data[0] == 8) > 0.2


async def _magic_of_a_length(ws: Any) -> None:
    async for data in ws.iter_bytes():
        if len(data) == 6 and data.startswith(b"\xbe\xef"):
            print(data)


def test_what_begins_as_asked_is_as_long_as_asked() -> None:
    assert share(_magic_of_a_length, lambda data: len(data) == 6 and data[:2] == b"\xbe\xef") > 0.4


async def _letters(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        if data["name"].replace(" ", "").isalpha() and len(data["name"]) <= 20:
            print(data["name"].encode("latin-1"))


def test_letters_are_not_only_those_of_one_alphabet() -> None:
    names = [json.loads(str(text)).get("name") for text in said(_letters) if "{" in text[:1]]
    assert {"a", "ž", "a" * 20} <= {name for name in names if isinstance(name, str)}


# Alternatives.


async def _either_pattern(ws: Any) -> None:
    async for text in ws.iter_text():
        found = re.fullmatch(r"up (?P<by>\d+)", text) or re.fullmatch(r"level (?P<to>\d)", text)
        if found and found["to"] == "7":
            print(found["by"])


def test_a_branch_may_ask_for_a_group_that_one_of_two_patterns_has() -> None:
    assert share(_either_pattern, lambda text: text.startswith("up ")) > 0.1
    assert share(_either_pattern, lambda text: text == "level 7") > 0.1
