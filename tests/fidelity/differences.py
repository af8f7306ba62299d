"""Where the simulator is not like a real server, and why; `docs/fidelity.md` has the same list.

The first three servers are what `websocket.server` names. uvicorn's other two implementations of
WebSockets have to be asked for with `--ws`.
"""

from __future__ import annotations

STRANGE_SUBPROTOCOL = ("accepts another subprotocol", "accepts a subprotocol without an offer")
ILLEGAL_CODES = (
    *("0", "999", "1004", "1005", "1006", "1015", "1016", "2999", "5000"),
    *("70000", "-1", "'1000'"),
)
ILLEGAL_CLOSES = tuple(f"closes with {code}" for code in (*ILLEGAL_CODES, "1000, 5"))
LEGAL_CLOSES = tuple(
    f"closes with {args}"
    for args in (
        "nothing",
        "1000, ''",
        "1000, None",
        "1001, 'bye'",
        "1011",
        "3000",
        "4999, 'bye'",
        "a reason of 123 bytes",
    )
)
LONG_REASON = "closes with a reason of 124 bytes"
SURROGATE_REASON = "closes with a lone surrogate"
AFTER_TOLD = (
    "sends after it was told",
    "closes after it was told",
    "sends what is illegal after it was told",
)
SWAPPED = ("sends neither", "sends bytes as text", "sends text as bytes")

_FAILING_CLIENT = (
    "A real client fails the connection when it is given a subprotocol that it did not offer. "
    "The simulated client stays, so that what the application does next is tested too."
)
_SWAPPED = (
    "It sends bytes that are given as `text`, and text that is given as `bytes`, and raises when "
    "neither is given."
)

DIFFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "uvicorn-websockets-sansio": {
        _FAILING_CLIENT: STRANGE_SUBPROTOCOL,
        "A close that cannot be sent raises, but `websocket.disconnect` waits already. In the "
        "simulator the connection stays as it was.": (
            *ILLEGAL_CLOSES,
            LONG_REASON,
            SURROGATE_REASON,
        ),
        "An application that is told of the client's leaving can close in the same turn of the "
        "loop, and nothing is raised; one turn later `OSError` is. The simulator always raises "
        "it.": AFTER_TOLD,
    },
    "hypercorn": {
        "The status of a denial is looked at when its body is sent. The simulator looks at once.": (
            "denies with a status out of range",
        ),
        "A denial begins with its body; before that the handshake may still be accepted. In the "
        "simulator it begins with `websocket.http.response.start`.": ("accepts while it denies",),
        "What could not be sent counts as sent: after an illegal accept or close nothing more can "
        "be, and the client sees no close frame. In the simulator the connection stays as it "
        "was.": (
            "accepts with headers that are text",
            "closes with None",
            "closes with 70000",
            "closes with -1",
            "closes with 1000, 5",
            SURROGATE_REASON,
        ),
        "After a part of a body that is too long no other part is sent.": (
            "HTTP: responds too long",
        ),
    },
    "daphne": {
        "A subprotocol that was not offered, or that is no text, is found only after the accept: "
        "the handshake is answered with an error, and what is sent then raises. The simulated "
        "client stays; what is no text raises at once.": (
            *STRANGE_SUBPROTOCOL,
            "accepts a subprotocol that is no text",
        ),
        "A response that is not complete when the application ends stays open until the client "
        "gives up. In the simulator it ends incomplete.": (
            "HTTP: responds too shortly",
            "HTTP: returns within the body",
            "HTTP: raises within the body",
        ),
        "A real client reads no more of a body than its Content-Length says; the simulated one "
        "sees all of it.": ("HTTP: responds too long",),
    },
    "uvicorn-websockets": {
        _FAILING_CLIENT: STRANGE_SUBPROTOCOL,
        _SWAPPED: SWAPPED,
        "A denial that is never completed is sent nevertheless.": (
            "accepts while it denies",
            "leaves a denial incomplete",
        ),
        "After the application's own close the one `websocket.disconnect` has the code 1005, and "
        "messages that wait are lost.": (
            *LEGAL_CLOSES,
            "closes while a message waits",
            "goes on after it closed and ended",
        ),
        "A close that cannot be sent ends the connection.": (*ILLEGAL_CLOSES, "closes with None"),
        "`send` raises `RuntimeError` instead of `OSError` once the application was told, or has "
        "ended.": (*AFTER_TOLD, "goes on after its coroutine ended", "sends after the client left"),
        "A lost connection is told with the code 1006 and a reason; then 1005 is told too.": (
            "the client vanishes",
            "messages wait when the client vanishes",
            "sends after the client vanished",
            "streams while the client vanishes",
        ),
        "A client that goes during the handshake, or just before a close, is not noticed by "
        "`send`.": (
            "accepts when the client has gone",
            "refuses when the client has gone",
            "denies when the client has gone",
            "hears that the client has gone",
            "closes after the client left",
        ),
    },
    "uvicorn-wsproto": {
        "A subprotocol that was not offered, or that is no text, raises when it is accepted.": (
            *STRANGE_SUBPROTOCOL,
            "accepts a subprotocol that is no text",
        ),
        "Headers that are text are taken.": ("accepts with headers that are text",),
        _SWAPPED: SWAPPED,
        "Close codes that may not be sent are sent, reasons are cut, and after what cannot be sent "
        "the connection is closed.": (*ILLEGAL_CLOSES, LONG_REASON, SURROGATE_REASON),
        "Once the application was told, illegal events raise `RuntimeError` before `OSError` "
        "would be, and the first `websocket.disconnect` may come again.": AFTER_TOLD,
    },
}

SOMETIMES: dict[str, dict[str, tuple[str, ...]]] = {
    "daphne": {
        "Between the client's close frame and the end of its TCP connection `send` raises. In the "
        "simulator the two are one moment.": ("streams while the client leaves",),
    },
}
"""What is different or not by a matter of milliseconds."""
