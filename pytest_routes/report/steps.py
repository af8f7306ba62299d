"""Steps of a conversation as objects that JSON can hold, and back.

A step is an object whose `step` says which one it is; what is left out has its default.

    open            client, path, query, headers, subprotocols, host, slow_reader, schedule, settle
    send            client, kind ("text", "json", "bytes", "graphql"), data, settle
    wait            seconds
    leave           client, code, reason, settle
    vanish          client, settle
    request         method, path, query, headers, body, host

`client` counts from 0, which is the default; `settle` false says that the next step follows
before the application has reacted; `query` and `headers` are lists of pairs. Every text, and
all bytes, are written as `pytest_routes.report.payload` describes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, get_args

from pytest_routes.report.payload import pack, unpack, unpack_text
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    MessageKind,
    Open,
    Send,
    Step,
    Vanish,
    Wait,
)
from pytest_routes.simulator.transcript import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_routes.report.redaction import Redaction

Act: TypeAlias = Step | Request
"""What a client does: a step of a conversation, or a request."""

T = TypeVar("T")
Pairs: TypeAlias = tuple[tuple[str, str], ...]

NORMAL_CLOSURE = 1000
HOST = "localhost"


class BadStep(ValueError):
    """The value is no step; the message says what was expected."""


def pack_step(step: Act, redact: Redaction) -> dict[str, Any]:
    """The step as an object, without what has its default."""
    _, name, pack_it, _ = next(row for row in _STEPS if isinstance(step, row[0]))
    plain = {"step": name, **pack_it(step, redact)}
    return {key: value for key, value in plain.items() if value != _DEFAULTS.get(key, ...)}


def unpack_step(plain: Any, secrets: Sequence[str] = ()) -> Act:
    """The step that `pack_step` was given. Raises `BadStep` or `payload.BadPayload`."""
    fields = _Fields(plain, secrets)
    name = fields.value("step", str)
    for _, known, _, unpack_it in _STEPS:
        if known == name:
            return unpack_it(fields)
    raise BadStep(f"expected one of {', '.join(row[1] for row in _STEPS)} as step, got {name!r}")


class _Fields:
    """Reads the members of an object, with their defaults."""

    def __init__(self, plain: Any, secrets: Sequence[str]) -> None:
        if not isinstance(plain, dict):
            raise BadStep(f"expected an object as a step, got {str(plain)[:60]!r}")
        self.plain: Mapping[str, Any] = {**_DEFAULTS, **plain}
        self.secrets = secrets

    def value(self, name: str, kind: type[T]) -> T:
        value = self.plain.get(name)
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise BadStep(f"expected {name} to be of type {kind.__name__}, got {value!r:.60}")
        return value

    def text(self, name: str) -> str:
        return unpack_text(self.plain.get(name), self.secrets)

    def data(self, name: str) -> str | bytes:
        return unpack(self.plain.get(name), self.secrets)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(unpack_text(each, self.secrets) for each in self.value(name, list))

    def pairs(self, name: str) -> Pairs:
        pairs = self.value(name, list)
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise BadStep(f"expected {name} to be a list of pairs, got {pairs!r:.60}")
        return tuple(
            (unpack_text(key, self.secrets), unpack_text(value, self.secrets))
            for key, value in pairs
        )


_DEFAULTS: dict[str, Any] = {
    "client": 0,
    "query": [],
    "headers": [],
    "subprotocols": [],
    "host": HOST,
    "slow_reader": False,
    "schedule": 0,
    "settle": True,
    "code": NORMAL_CLOSURE,
    "reason": "",
    "body": pack(b""),
}


def _pack_pairs(pairs: Pairs, redact: Redaction) -> list[list[Any]]:
    return [[pack(name, redact), pack(value, redact)] for name, value in pairs]


def _pack_open(step: Open, redact: Redaction) -> dict[str, Any]:
    handshake = step.handshake
    return {
        "client": step.client,
        "path": pack(handshake.path, redact),
        "query": _pack_pairs(handshake.query, redact),
        "headers": _pack_pairs(handshake.headers, redact),
        "subprotocols": [pack(each, redact) for each in handshake.subprotocols],
        "host": handshake.host,
        "slow_reader": step.slow_reader,
        "schedule": step.schedule,
        "settle": step.settle,
    }


def _unpack_open(fields: _Fields) -> Open:
    handshake = Handshake(
        path=fields.text("path"),
        query=fields.pairs("query"),
        headers=fields.pairs("headers"),
        subprotocols=fields.texts("subprotocols"),
        host=fields.value("host", str),
    )
    return Open(
        fields.value("client", int),
        handshake,
        settle=fields.value("settle", bool),
        slow_reader=fields.value("slow_reader", bool),
        schedule=fields.value("schedule", int),
    )


def _pack_send(step: Send, redact: Redaction) -> dict[str, Any]:
    message = step.message
    return {
        "client": step.client,
        "kind": message.kind,
        "data": pack(message.data, redact),
        "settle": step.settle,
    }


def _unpack_send(fields: _Fields) -> Send:
    kind = fields.value("kind", str)
    data = fields.data("data")
    if kind not in get_args(MessageKind):
        raise BadStep(
            f"expected kind to be one of {', '.join(get_args(MessageKind))}, got {kind!r}"
        )
    if isinstance(data, bytes) != (kind == "bytes"):
        raise BadStep(f"expected data of kind {kind}, got {type(data).__name__}")
    message = Message(kind, data)  # type: ignore[arg-type]
    return Send(fields.value("client", int), message, settle=fields.value("settle", bool))


def _pack_leave(step: Leave, redact: Redaction) -> dict[str, Any]:
    return {
        "client": step.client,
        "code": step.code,
        "reason": pack(step.reason, redact),
        "settle": step.settle,
    }


def _unpack_leave(fields: _Fields) -> Leave:
    return Leave(
        fields.value("client", int),
        fields.value("code", int),
        fields.text("reason"),
        settle=fields.value("settle", bool),
    )


def _pack_request(request: Request, redact: Redaction) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": pack(request.path, redact),
        "query": _pack_pairs(request.query, redact),
        "headers": _pack_pairs(request.headers, redact),
        "body": pack(request.body, redact),
        "host": request.host,
    }


def _unpack_request(fields: _Fields) -> Request:
    body = fields.data("body")
    return Request(
        method=fields.value("method", str),
        path=fields.text("path"),
        query=fields.pairs("query"),
        headers=fields.pairs("headers"),
        body=body if isinstance(body, bytes) else body.encode(),
        host=fields.value("host", str),
    )


_STEPS: tuple[
    tuple[type[Any], str, Callable[[Any, Redaction], dict[str, Any]], Callable[[_Fields], Act]],
    ...,
] = (
    (Open, "open", _pack_open, _unpack_open),
    (Send, "send", _pack_send, _unpack_send),
    (
        Wait,
        "wait",
        lambda step, _: {"seconds": step.seconds},
        lambda fields: Wait(fields.value("seconds", float)),
    ),
    (Leave, "leave", _pack_leave, _unpack_leave),
    (
        Vanish,
        "vanish",
        lambda step, _: {"client": step.client, "settle": step.settle},
        lambda fields: Vanish(fields.value("client", int), settle=fields.value("settle", bool)),
    ),
    (Request, "request", _pack_request, _unpack_request),
)
