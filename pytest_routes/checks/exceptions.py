"""What an exception means: the client has gone, the client is refused, or a bug.

Frameworks are told apart by the qualified names of their classes, so none is imported.
Read from Starlette 1.10, FastAPI 0.165, Litestar 2.25, Quart 0.22, BlackSheep 2.6,
Falcon 4.4 and Channels 4.3.
"""

from __future__ import annotations

from asyncio import CancelledError
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_routes.checks.frames import caught_in, chain, frames_of, innermost
from pytest_routes.simulator.rules import ClientDisconnected
from pytest_routes.simulator.steady import steady

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Nature: TypeAlias = Literal["disconnect", "refusal", "error"]

_DISCONNECTS = frozenset(
    {
        "starlette.websockets.WebSocketDisconnect",
        "starlette.requests.ClientDisconnect",
        "litestar.exceptions.websocket_exceptions.WebSocketDisconnect",
        "blacksheep.server.websocket.WebSocketDisconnectError",
        "blacksheep.exceptions.MessageAborted",
        "falcon.errors.WebSocketDisconnected",
        "lilya.websockets.WebSocketDisconnect",
        "channels.exceptions.StopConsumer",
    }
)
_REFUSALS = frozenset(
    {
        "starlette.exceptions.WebSocketException",
        "fastapi.exceptions.WebSocketRequestValidationError",
        "fastapi.exceptions.RequestValidationError",
        "litestar.exceptions.websocket_exceptions.WebSocketException",
        "channels.exceptions.DenyConnection",
        "channels.exceptions.AcceptConnection",
    }
)
# Exceptions that stand for an HTTP answer, with the attribute that holds its status: below
# 500 the client is refused, from 500 on the server says that it failed.
_ANSWERS = {
    "starlette.exceptions.HTTPException": "status_code",
    "litestar.exceptions.http_exceptions.HTTPException": "status_code",
    "werkzeug.exceptions.HTTPException": "code",
    "blacksheep.exceptions.HTTPException": "status",
    "falcon.http_error.HTTPError": "status_code",
    "falcon.http_status.HTTPStatus": "status_code",
}
# Exceptions that a framework raises instead of another one, which it names as the cause.
_WRAPPERS = frozenset(
    {
        "Exception caught after response started",  # Litestar
        "Caught handled exception, but response already started.",  # Starlette
    }
)

StateError: TypeAlias = Literal["send_after_close", "receive_after_disconnect", "not_open", "order"]

# What Starlette's WebSocket says when it is used in the wrong state, and which state it was.
_STARLETTE_STATES: tuple[tuple[str, StateError], ...] = (
    ('Cannot call "send" once a close message has been sent', "send_after_close"),
    ('Cannot call "receive" once a disconnect message', "receive_after_disconnect"),
    ('WebSocket is not connected. Need to call "accept" first', "not_open"),
    ('Expected ASGI message "websocket.', "order"),
)

# Where frameworks read a frame for the handler: what is raised there, the frame was not of the
# kind that the handler reads.
_READERS: dict[str, frozenset[str]] = {
    "starlette/websockets.py": frozenset({"receive_text", "receive_bytes", "receive_json"}),
    "starlette/endpoints.py": frozenset({"decode"}),
    "litestar/connection/websocket.py": frozenset(
        {"receive_json", "receive_msgpack", "iter_json", "iter_msgpack"}
    ),
    "litestar/handlers/websocket_handlers/_utils.py": frozenset({"handle_receive"}),
    "lilya/websockets.py": frozenset({"receive_text", "receive_bytes", "receive_json"}),
    "quart/wrappers/websocket.py": frozenset({"receive_json"}),
    "blacksheep/server/websocket.py": frozenset({"receive_text", "receive_bytes", "receive_json"}),
    "falcon/asgi/ws.py": frozenset({"receive_text", "receive_data", "receive_media"}),
}


def names(exception: BaseException) -> Iterator[str]:
    """The qualified names of the exception's classes, most special first."""
    for kind in type(exception).__mro__:
        yield f"{kind.__module__}.{kind.__qualname__}"


def nature(exception: BaseException) -> Nature:
    """What a single exception (no group) means."""
    if isinstance(exception, ClientDisconnected):
        return "disconnect"
    for name in names(exception):
        if name in _DISCONNECTS:
            return "disconnect"
        if name in _REFUSALS:
            return "refusal"
        if name in _ANSWERS:
            status = answer_status(exception)
            return "refusal" if status is not None and status < 500 else "error"
    return "error"


def answer_status(exception: BaseException) -> int | None:
    """The HTTP status that a framework's exception stands for, if it stands for one."""
    for name in names(exception):
        attribute = _ANSWERS.get(name)
        if attribute is not None:
            status = getattr(exception, attribute, None)
            return status if isinstance(status, int) else None
    return None


def culprit(exception: BaseException, own: Callable[[str], bool]) -> BaseException:
    """The exception that tells what went wrong behind the one that came out.

    - Of a group: its first member that is a bug, otherwise its first.
    - Of a framework's wrapper: its cause.
    - Of a failed `send` to a client that has gone, made while a *framework* dealt with another
      exception (Litestar closes after a crash): that other exception. When the application
      itself dealt with it, it was handled.
    """
    if isinstance(exception, BaseExceptionGroup):
        members = [culprit(each, own) for each in exception.exceptions]
        return next((each for each in members if nature(each) == "error"), members[0])
    if exception.__cause__ is not None and _text(exception) in _WRAPPERS:
        return culprit(exception.__cause__, own)
    if nature(exception) == "disconnect":
        for behind in chain(exception):
            if behind is not exception and _is_bug(behind, own):
                return exception if own(caught_in(behind)) else culprit(behind, own)
    return exception


def _is_bug(exception: BaseException, own: Callable[[str], bool]) -> bool:
    """Whether it came from the application's code and is neither a client's leaving nor its
    refusal. Frameworks catch exceptions of their own in passing, which mean nothing."""
    if isinstance(exception, BaseExceptionGroup):
        return any(_is_bug(each, own) for each in exception.exceptions)
    if isinstance(exception, CancelledError) or nature(exception) != "error":
        return False
    return innermost(frames_of(exception), own) is not None


def state_error(exception: BaseException) -> StateError | None:
    """How Starlette's own state machine was violated, when it raised the exception."""
    if not isinstance(exception, RuntimeError):
        return None
    frames = frames_of(exception)
    if not frames or not _is(frames[-1].file, "starlette/websockets.py"):
        return None
    text = _text(exception)
    return next((state for start, state in _STARLETTE_STATES if text.startswith(start)), None)


def is_unreadable_frame(exception: BaseException, own: Callable[[str], bool]) -> bool:
    """Whether a framework raised it while it read a frame for the application: because of the
    frame, and not because there was none to read on a connection that is closed."""
    if state_error(exception) is not None:
        return False
    reader = None
    for frame in frames_of(exception):
        if own(frame.file):
            reader = None
        else:
            name = frame.function.rpartition(".")[2]
            for file, functions in _READERS.items():
                if name in functions and _is(frame.file, file):
                    reader = frame
    return reader is not None


def is_refused_frame(exception: BaseException) -> bool:
    """Whether it belongs to a framework's documented way to refuse a frame.

    Starlette's `WebSocketEndpoint` closes with 1003 and then raises; Litestar's listeners
    raise what their decoder says, and Litestar closes with that as the reason.
    """
    frames = frames_of(exception)
    if not frames:
        return False
    if _is(frames[-1].file, "starlette/endpoints.py"):
        return frames[-1].function.endswith(".decode") and isinstance(exception, RuntimeError)
    serialization = "litestar.exceptions.base_exceptions.SerializationException"
    return serialization in names(exception) and any(
        frame.function.endswith("handle_receive")
        and _is(frame.file, "litestar/handlers/websocket_handlers/_utils.py")
        for frame in frames
    )


def describe(exception: BaseException, limit: int = 120) -> str:
    """`KeyError: 'channel'` in one line."""
    name = type(exception).__qualname__
    text = " ".join(_text(exception).split())
    if len(text) > limit:
        text = f"{text[: limit - 21]} ... {text[-16:]}"
    return f"{name}: {text}" if text else name


def kind_name(exception: BaseException) -> str:
    """The qualified name of the exception's type, for keys."""
    return next(names(exception))


def _text(exception: BaseException) -> str:
    try:
        return steady(str(exception))
    except Exception:  # the application's own __str__
        return ""


def _is(file: str, ending: str) -> bool:
    return file.replace("\\", "/").endswith("/" + ending)


def chain_has_disconnect(exception: BaseException) -> bool:
    """Whether it was raised while the client's leaving was being dealt with."""
    return any(
        isinstance(each, CancelledError) or nature(each) == "disconnect"
        for each in chain(exception)
        if each is not exception
    )
