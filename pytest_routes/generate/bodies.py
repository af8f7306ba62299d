"""Bodies of HTTP requests, by their declared type and media type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlencode

from pytest_routes.generate import nasty
from pytest_routes.generate.body_vocabulary import body_values
from pytest_routes.generate.choices import Choices, pick
from pytest_routes.generate.packing import msgpack
from pytest_routes.generate.schema import Values, maker_for_schema
from pytest_routes.generate.schema.annotations import Library, schema_of
from pytest_routes.generate.uploads import Upload
from pytest_routes.generate.vocabulary import NOTHING, mine
from pytest_routes.generate.wire import text_of, texts_of

if TYPE_CHECKING:
    from pytest_routes.generate.body_vocabulary import ReadAs
    from pytest_routes.generate.vocabulary import Vocabulary
    from pytest_routes.routes.model import Body, Route

MOST_BYTES = 65536
BOUNDARY = "pytest-routes-7f3a9c"
JSON, FORM, MULTIPART = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
)
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "QUERY"})


@dataclass(frozen=True, slots=True)
class Payload:
    """A request's body and what it says it is; no media type: there is no body."""

    content: bytes = b""
    media_type: str = ""


Encode: TypeAlias = Callable[[Any], Payload]

# What 32 bodies are: right, of the wrong type in one place, or not of their media type at all.
_RIGHT, _BROKEN, _GARBLED, _ABSENT = range(4)
_WAYS = (_RIGHT,) * 27 + (_BROKEN,) * 3 + (_GARBLED, _ABSENT)
_WAYS_WITHOUT_BREAKING = (_RIGHT,) * 31 + (_ABSENT,)


def body_maker(
    route: Route,
    *,
    known: Mapping[str, Sequence[Any]] | None = None,
    most_bytes: int = MOST_BYTES,
) -> Callable[[Choices], Payload]:
    """Draws bodies for a route, most of them as its declaration wants them.

    A route that declares none, but has a method that carries one, may read it all the same: it
    is sent what its source reads, and what such routes usually do. Nothing is larger than
    `most_bytes`. Raises UnsatisfiableSchema when the declared type has no value.
    """
    if route.body is not None:
        prefer: Library = "msgspec" if route.framework == "litestar" else "pydantic"
        values = Values(_with_files(schema_of(route.body.annotation, prefer)), known)
        # Litestar (2.25) answers a form that lacks its file with an error of its own.
        only_right = route.framework == "litestar" and route.body.media_type == MULTIPART
        return _Bodies(route.body, values, most_bytes, only_right=only_right)
    if route.method in _WITH_BODY:
        anything = _undeclared(known, most_bytes)
        vocabulary = mine(route.handler, route.dependencies) if route.handler else NOTHING
        return _as_read(vocabulary, anything, most_bytes)
    return lambda _: Payload()


def _with_files(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A form that is a list of files has one at least."""
    is_files = schema.get("type") == "array" and schema.get("items", {}).get("x-file")
    return {"minItems": 1, **schema} if is_files else schema


class _Bodies:
    def __init__(self, body: Body, values: Values, most_bytes: int, *, only_right: bool) -> None:
        self._values = values
        self._most = most_bytes
        self._media_type = body.media_type.partition(";")[0].strip().lower()
        self._encode = encoder(self._media_type)
        self._garbled = _garbled(self._media_type)
        breakable = self._media_type not in _OPAQUE and not self._media_type.startswith("text/")
        if only_right:
            self._ways: tuple[int, ...] = (_RIGHT,)
        else:
            self._ways = _WAYS if breakable else _WAYS_WITHOUT_BREAKING

    def __call__(self, choices: Choices) -> Payload:
        way = pick(choices, self._ways)
        if way == _ABSENT:
            return Payload()
        if way == _GARBLED:
            found = Payload(pick(choices, self._garbled), self._media_type)
        elif way == _BROKEN:
            found = self._encode(self._values.broken(choices))
        else:
            found = self._encode(self._values(choices))
        if len(found.content) > self._most:
            found = self._encode(self._values.simplest)
        return found if len(found.content) <= self._most else Payload()


_OPAQUE = frozenset({"application/octet-stream", "*/*"})


def encoder(media_type: str) -> Encode:
    """How a value of a declared type becomes a body of a media type."""
    found = _ENCODERS.get(media_type)
    if found is not None:
        return found
    if media_type.endswith("+json"):
        return lambda value: Payload(_json(value).content, media_type)
    return lambda value: Payload(_raw(value), media_type)


def _json(value: Any) -> Payload:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_text_of_file)
    # What JSON cannot say in UTF-8 (a lone surrogate) is escaped.
    return Payload(text.encode("utf-8", "backslashreplace"), JSON)


def _text_of_file(value: Any) -> str:
    return value.content.decode("latin-1") if isinstance(value, Upload) else str(value)


def _raw(value: Any) -> bytes:
    if isinstance(value, Upload):
        return value.content
    text = value if isinstance(value, str) else json.dumps(value, default=_text_of_file)
    return text.encode("utf-8", "surrogatepass")


def _fields(value: Any) -> list[tuple[str, Any]]:
    """The fields of a form: a list is a field several times."""
    members = value.items() if isinstance(value, dict) else [("data", value)]
    found: list[tuple[str, Any]] = []
    for name, member in members:
        for each in member if isinstance(member, list) else [member]:
            if isinstance(each, Upload):
                found.append((name, each))
            else:
                found += [(name, text) for text in texts_of(each)]
    return found


def _form(value: Any) -> Payload:
    pairs = [(name, _text_of_file(v) if isinstance(v, Upload) else v) for name, v in _fields(value)]
    return Payload(urlencode(pairs, errors="surrogatepass").encode("ascii"), FORM)


def _multipart(value: Any) -> Payload:
    parts = b"".join(_part(name, field) for name, field in _fields(value))
    content = parts + f"--{BOUNDARY}--\r\n".encode("ascii")
    return Payload(content, f"{MULTIPART}; boundary={BOUNDARY}")


def _part(name: str, field: str | Upload) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
    if isinstance(field, Upload):
        head += f'; filename="{_quoted(field.name)}"\r\nContent-Type: {field.media_type}'
        content = field.content
    else:
        content = text_of(field).encode("utf-8", "surrogatepass")
    return head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + content + b"\r\n"


def _quoted(name: str) -> str:
    """As browsers do (WHATWG HTML, multipart/form-data encoding algorithm)."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _msgpack(media_type: str) -> Encode:
    return lambda value: Payload(msgpack(value), media_type)


_ENCODERS: dict[str, Encode] = {
    JSON: _json,
    FORM: _form,
    MULTIPART: _multipart,
    "application/x-msgpack": _msgpack("application/x-msgpack"),
    "application/vnd.msgpack": _msgpack("application/vnd.msgpack"),
}


def _garbled(media_type: str) -> tuple[bytes, ...]:
    """Bodies that are not of their media type, or barely."""
    if media_type == JSON or media_type.endswith("+json"):
        texts = (*nasty.NOT_JSON, *nasty.JSON_TEXTS)
        return (*(text.encode() for text in texts), *nasty.BINARY)
    if media_type == FORM:
        return (b"a", b"&&&", b"=", b"a=1&a=2", b"%", b"%zz=%ff", b"a[b]=1", *nasty.BINARY)
    return nasty.BINARY


def _as_read(
    vocabulary: Vocabulary, anything: Callable[[Choices], Payload], most_bytes: int
) -> Callable[[Choices], Payload]:
    """Mostly bodies as the source of the handler reads them, when it does."""
    made = [(_ENCODED_AS[read_as], make) for read_as, make in body_values(vocabulary)]
    if not made:
        return anything

    def draw(choices: Choices) -> Payload:
        if choices.index(_AS_READ) == _AS_READ - 1:
            return anything(choices)
        encode, make = pick(choices, made)
        found = encode(make(choices))
        return found if len(found.content) <= most_bytes else Payload()

    return draw


_AS_READ = 8
"""One body in so many is anything that a handler may read."""


def _plain_bytes(value: Any) -> Payload:
    content = value if isinstance(value, bytes) else _raw(value)
    return Payload(content, "application/octet-stream")


_ENCODED_AS: dict[ReadAs, Encode] = {"json": _json, "form": _form, "bytes": _plain_bytes}


def _undeclared(
    known: Mapping[str, Sequence[Any]] | None, most_bytes: int
) -> Callable[[Choices], Payload]:
    fields: dict[str, Any] = {name: {} for name in known or {}}
    anything = maker_for_schema({"type": "object", "properties": fields}, known=known)
    free = maker_for_schema({})
    raw = (*(text.encode() for text in nasty.STRINGS), *nasty.BINARY)

    def draw(choices: Choices) -> Payload:
        way = choices.index(16)
        if way < 9:
            found = _json(anything(choices))
        elif way < 11:
            found = _json(free(choices))
        elif way == 11:
            found = Payload(pick(choices, _garbled(JSON)), JSON)
        elif way < 14:
            found = _form(anything(choices))
        elif way == 14:
            found = Payload(pick(choices, raw), "text/plain")
        else:
            found = Payload()
        return found if len(found.content) <= most_bytes else Payload()

    return draw
