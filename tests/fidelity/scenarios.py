"""What the application and the client do in each scenario, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ACCEPT: dict[str, Any] = {"type": "websocket.accept"}
CLOSE: dict[str, Any] = {"type": "websocket.close"}
HEAR = ("hear",)
RECEIVE = ("receive",)
RAISE = ("raise",)


def text(data: object) -> dict[str, Any]:
    return {"type": "websocket.send", "text": data}


def close(*args: object) -> dict[str, Any]:
    return CLOSE | dict(zip(("code", "reason"), args, strict=False))


def denial(status: object, *bodies: bytes) -> list[dict[str, Any]]:
    kind = "websocket.http.response"
    start = {"type": f"{kind}.start", "status": status, "headers": [(b"x-why", b"no")]}
    last = len(bodies) - 1
    return [start] + [
        {"type": f"{kind}.body", "body": body, "more_body": number < last}
        for number, body in enumerate(bodies)
    ]


def respond(*bodies: bytes, length: int | None = None) -> list[dict[str, Any]]:
    headers = [(b"content-type", b"text/plain")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return [{"type": "http.response.start", "status": 200, "headers": headers}] + [
        {"type": "http.response.body", "body": body, "more_body": True} for body in bodies
    ]


LAST: dict[str, Any] = {"type": "http.response.body", "body": b"."}

SENDS_AND_HEARS = [text("after"), HEAR, text("later"), RECEIVE]


@dataclass(frozen=True)
class Scenario:
    app: list[Any]
    """What `app` does after it has received `websocket.connect`."""
    client: tuple[tuple[Any, ...], ...] = ()
    """`("send", data)`, `("receive",)`, `("wait", seconds)`, `("close", code, reason)` and
    `("vanish",)`. A client that is still there then waits, and closes with 1000."""
    subprotocols: tuple[str, ...] = ()
    handshake: str = "whole"
    """Or `vanishes`: the client goes before it is accepted or refused."""
    connects: bool = True
    """The application receives `websocket.connect` first."""

    @property
    def script(self) -> str:
        """The acts as `app` takes them."""
        return ascii([RECEIVE, *self.app] if self.connects else self.app)


WEBSOCKET: dict[str, Scenario] = {
    # The handshake.
    "looks at its scope": Scenario([("look",), ACCEPT, HEAR], subprotocols=("a",)),
    "accepts": Scenario([ACCEPT, HEAR]),
    "accepts with headers": Scenario([ACCEPT | {"headers": [(b"x-a", b"1")]}, HEAR]),
    "accepts unasked": Scenario([ACCEPT, text("a"), HEAR], connects=False),
    "refuses": Scenario([CLOSE, HEAR]),
    "refuses with a code": Scenario([close(4001, "no"), HEAR, CLOSE]),
    "denies": Scenario([*denial(401, b"no"), HEAR]),
    "denies in parts": Scenario([*denial(403, b"no, ", b"no"), HEAR]),
    "denies with a status out of range": Scenario([*denial(42, b"no"), HEAR]),
    "accepts while it denies": Scenario([*denial(401), ACCEPT, HEAR]),
    "leaves a denial incomplete": Scenario(denial(401)),
    "accepts twice": Scenario([ACCEPT, ACCEPT, text("after"), HEAR]),
    "sends before it accepts": Scenario([text("early"), ACCEPT, text("after"), HEAR]),
    "sends an unknown event first": Scenario([{"type": "websocket.open"}, ACCEPT, HEAR]),
    "sends an unknown event": Scenario([ACCEPT, {"type": "websocket.ping"}, text("after"), HEAR]),
    "sends an HTTP response": Scenario([*respond(b"hi"), ACCEPT, HEAR]),
    "accepts an offered subprotocol": Scenario(
        [ACCEPT | {"subprotocol": "b"}, HEAR], subprotocols=("a", "b")
    ),
    "accepts none of the subprotocols": Scenario([ACCEPT, HEAR], subprotocols=("a", "b")),
    "accepts another subprotocol": Scenario(
        [ACCEPT | {"subprotocol": "c"}, text("after"), HEAR], subprotocols=("a", "b")
    ),
    "accepts a subprotocol without an offer": Scenario(
        [ACCEPT | {"subprotocol": "c"}, text("after"), HEAR]
    ),
    "accepts a subprotocol that is no text": Scenario(
        [ACCEPT | {"subprotocol": 5}, text("after"), HEAR], subprotocols=("5",)
    ),
    "accepts with headers that are text": Scenario(
        [ACCEPT | {"headers": [("x-a", "1")]}, ACCEPT, text("after"), HEAR]
    ),
    # Messages.
    "echoes": Scenario(
        [ACCEPT, RECEIVE, text("a"), RECEIVE, {"type": "websocket.send", "bytes": b"b"}, HEAR],
        (("send", "a"), ("receive",), ("send", b"b"), ("receive",)),
    ),
    "sends empty messages": Scenario(
        [ACCEPT, text(""), {"type": "websocket.send", "bytes": b""}, text("after"), HEAR]
    ),
    "receives empty messages": Scenario([ACCEPT, HEAR], (("send", ""), ("send", b""))),
    "receives what is nasty": Scenario([ACCEPT, HEAR], (("send", "\0\u2028\U0001f600"),)),
    "sends text and bytes": Scenario(
        [ACCEPT, {"type": "websocket.send", "text": "t", "bytes": b"b"}, text("after"), HEAR]
    ),
    "sends text with bytes of None": Scenario(
        [ACCEPT, {"type": "websocket.send", "text": "t", "bytes": None}, text("after"), HEAR]
    ),
    "sends neither": Scenario([ACCEPT, {"type": "websocket.send"}, text("after"), HEAR]),
    "sends a number as text": Scenario([ACCEPT, text(5), text("after"), HEAR]),
    "sends bytes as text": Scenario([ACCEPT, text(b"b"), text("after"), HEAR]),
    "sends text as bytes": Scenario(
        [ACCEPT, {"type": "websocket.send", "bytes": "t"}, text("after"), HEAR]
    ),
    "sends a lone surrogate": Scenario([ACCEPT, text("a\ud800"), text("after"), HEAR]),
    "sends a big message": Scenario([ACCEPT, ("big", 600_000), HEAR], (("receive",),)),
    "receives a big message": Scenario([ACCEPT, HEAR], (("send", "x" * 600_000),)),
    # The application closes.
    **{
        f"closes with {', '.join(map(repr, args)) or 'nothing'}": Scenario(
            [ACCEPT, close(*args), *SENDS_AND_HEARS]
        )
        for args in (
            (),
            (None,),
            (1000, ""),
            (1000, None),
            (1001, "bye"),
            (1011,),
            (3000,),
            (4999, "bye"),
            (0,),
            (999,),
            (1004,),
            (1005,),
            (1006,),
            (1015,),
            (1016,),
            (2999,),
            (5000,),
            (70000,),
            (-1,),
            ("1000",),
            (1000, 5),
        )
    },
    "closes with a reason of 123 bytes": Scenario([ACCEPT, close(1000, "x" * 123), RECEIVE]),
    "closes with a reason of 124 bytes": Scenario([ACCEPT, close(1000, "x" * 124), RECEIVE]),
    "closes with a lone surrogate": Scenario([ACCEPT, close(1000, "\ud800"), RECEIVE]),
    "closes twice": Scenario([ACCEPT, CLOSE, CLOSE]),
    "closes while a message waits": Scenario(
        [ACCEPT, ("sleep", 0.2), CLOSE, HEAR, RECEIVE], (("send", "a"),)
    ),
    # The application ends.
    "returns first": Scenario([]),
    "raises first": Scenario([RAISE]),
    "returns after accept": Scenario([ACCEPT]),
    "raises after accept": Scenario([ACCEPT, RAISE]),
    "returns after a message": Scenario([ACCEPT, text("a")], (("receive",),)),
    "raises after a message": Scenario([ACCEPT, RECEIVE, text("a"), RAISE], (("send", "a"),)),
    "returns after close": Scenario([ACCEPT, close(4000, "bye")]),
    "raises after close": Scenario([ACCEPT, close(4000, "bye"), RAISE]),
    "raises after refusing": Scenario([CLOSE, RAISE]),
    "returns a value": Scenario([ACCEPT, text("a"), ("return", 5)], (("receive",),)),
    "raises after the client left": Scenario([ACCEPT, RECEIVE, RAISE], (("close", 1000, ""),)),
    "goes on after its coroutine ended": Scenario(
        [ACCEPT, ("later", [("sleep", 0.3), text("late"), RECEIVE, CLOSE])]
    ),
    "goes on after it closed and ended": Scenario(
        [ACCEPT, CLOSE, ("later", [("sleep", 0.3), text("late"), RECEIVE, CLOSE])]
    ),
    # The client leaves.
    **{
        f"the client leaves with {code}": Scenario(
            [ACCEPT, HEAR, RECEIVE], (("close", code, reason),)
        )
        for code, reason in ((1000, ""), (1001, "bye"), (3000, ""), (4999, "bye"), (1011, ""))
    },
    "the client leaves without a code": Scenario([ACCEPT, HEAR, RECEIVE], (("close", 1005, ""),)),
    "the client vanishes": Scenario([ACCEPT, HEAR, RECEIVE], (("vanish",),)),
    "messages wait when the client leaves": Scenario(
        [ACCEPT, ("sleep", 0.3), HEAR, RECEIVE],
        (("send", "a"), ("send", "b"), ("close", 1001, "")),
    ),
    "messages wait when the client vanishes": Scenario(
        [ACCEPT, ("sleep", 0.3), RECEIVE, RECEIVE],
        (("send", "a"), ("wait", 0.1), ("vanish",)),
    ),
    "sends after the client left": Scenario(
        [ACCEPT, ("sleep", 0.3), text("a"), text("b"), HEAR, text("c")],
        (("close", 1000, ""),),
    ),
    "sends after it was told": Scenario(
        [ACCEPT, HEAR, text("a"), CLOSE, RECEIVE], (("close", 1000, ""),)
    ),
    "sends after the client vanished": Scenario(
        [ACCEPT, ("sleep", 0.3), text("a"), ("sleep", 0.1), text("b"), HEAR, text("c")],
        (("vanish",),),
    ),
    "closes after the client left": Scenario(
        [ACCEPT, ("sleep", 0.3), close(4000, "bye"), HEAR, RECEIVE], (("close", 1001, ""),)
    ),
    "closes after it was told": Scenario([ACCEPT, HEAR, CLOSE, CLOSE], (("close", 1000, ""),)),
    "sends what is illegal after it was told": Scenario(
        [ACCEPT, HEAR, ACCEPT, {"type": "websocket.ping"}, close(70000), text(5)],
        (("close", 1000, ""),),
    ),
    "streams while the client leaves": Scenario(
        [ACCEPT, ("stream", "a"), HEAR], (("wait", 0.2), ("close", 1000, ""))
    ),
    "streams while the client vanishes": Scenario(
        [ACCEPT, ("stream", "a"), HEAR], (("wait", 0.2), ("vanish",))
    ),
    "lingers after the client left": Scenario(
        [ACCEPT, HEAR, ("sleep", 4.0)], (("close", 1000, ""),)
    ),
    # The client leaves during the handshake.
    "accepts when the client has gone": Scenario(
        [("sleep", 0.3), ACCEPT, text("a"), HEAR], handshake="vanishes"
    ),
    "refuses when the client has gone": Scenario(
        [("sleep", 0.3), CLOSE, HEAR], handshake="vanishes"
    ),
    "denies when the client has gone": Scenario(
        [("sleep", 0.3), *denial(401, b"no"), HEAR], handshake="vanishes"
    ),
    "hears that the client has gone": Scenario([HEAR, RECEIVE, ACCEPT], handshake="vanishes"),
}


def request(app: list[Any], handshake: str = "whole") -> Scenario:
    return Scenario(app, handshake=handshake, connects=False)


WHOLE = [*respond(b"hello", length=6), LAST]
HTTP: dict[str, Scenario] = {
    "looks at its scope": request([("look",), *WHOLE]),
    "responds": request([RECEIVE, *WHOLE, RECEIVE]),
    "responds without a length": request([*respond(b"hello"), LAST]),
    "streams a response": request([*respond(b"a", b"b", b"c"), LAST]),
    "responds with an empty part": request([*respond(b"a", b"", b"c"), LAST]),
    "responds too shortly": request([*respond(b"hello", length=9), LAST]),
    "responds too long": request([*respond(b"hello", length=3), LAST]),
    "responds twice": request([*WHOLE, *WHOLE]),
    "starts twice": request([*respond(), *respond(b"a"), LAST]),
    "sends a body first": request([LAST, *WHOLE]),
    "sends a body of text": request(
        [*respond(), {"type": "http.response.body", "body": "text"}, LAST]
    ),
    "sends an unknown event": request([{"type": "http.response.open"}, *WHOLE]),
    "returns before it responds": request([RECEIVE]),
    "raises before it responds": request([RAISE]),
    "returns within the body": request(respond(b"hello")),
    "raises within the body": request([*respond(b"hello"), RAISE]),
    "raises after the response": request([*WHOLE, RAISE]),
    "returns a value": request([*WHOLE, ("return", 5)]),
    "hears that the client has gone": request(
        [RECEIVE, HEAR, RECEIVE, *WHOLE], handshake="vanishes"
    ),
    "responds when the client has gone": request(
        [("sleep", 0.3), *respond(b"a"), LAST, HEAR], handshake="vanishes"
    ),
    "streams when the client goes": request(
        [*respond(b"a"), ("sleep", 0.3), LAST, HEAR], handshake="vanishes"
    ),
}
