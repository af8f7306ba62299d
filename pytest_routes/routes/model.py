"""What there is to test: routes and the parameters that a client must give to reach them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Location: TypeAlias = Literal["path", "query", "header", "cookie"]
RouteKind: TypeAlias = Literal["websocket", "http"]


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that the client gives in the path, the query, a header or a cookie."""

    name: str
    """The name on the wire (a header's or query key's alias, not the Python argument)."""
    location: Location
    annotation: Any = str
    """The declared type, `Annotated` metadata included (constraints of pydantic, msgspec or
    Litestar's `Parameter` are in it); `str` when nothing is declared."""
    required: bool = True
    default: Any = MISSING
    multi_segment: bool = False
    """A path parameter that may contain `/` (`{rest:path}`)."""
    pattern: str | None = None
    """A regular expression that the framework's converter wants, when it is not implied
    by the type."""
    compared: frozenset[str] = frozenset()
    """What the handler's source compares the value with, where nothing is declared."""


@dataclass(frozen=True, slots=True)
class Body:
    """What an HTTP route reads as its request body."""

    annotation: Any
    media_type: str = "application/json"
    required: bool = True


@dataclass(frozen=True, slots=True)
class Route:
    """One thing to test: a WebSocket route, or one method of an HTTP route."""

    kind: RouteKind
    path: str
    """As declared, with the prefixes of everything it is mounted in: `/ws/{room_id:int}`.
    Patterns of the configuration match it and node ids show it."""
    template: str = ""
    """`path` with plain placeholders (`/ws/{room_id}`): each names a path parameter."""
    method: str = ""
    """HTTP only, in upper case."""
    parameters: tuple[Parameter, ...] = ()
    handler: Callable[..., Any] | type | None = None
    """The user's function or class, unwrapped from the framework's decorators, whose source
    can be read; None for an opaque application."""
    framework: str = ""
    """`starlette`, `fastapi`, `litestar`, `quart`, `channels` or empty."""
    host: str | None = None
    """The host the route is bound to, when it is (Starlette's `Host`)."""
    message: Any = MISSING
    """The declared type of a message (a Litestar listener's `data`)."""
    answer: Any = MISSING
    """The declared type of what is answered: a listener's or an HTTP handler's return type,
    or its response model."""
    answer_status: int | None = None
    """The status of the HTTP responses that `answer` is about; None: any that tells success."""
    reads: frozenset[Literal["text", "json", "bytes"]] | None = None
    """The kinds of message that the *declaration* says are read (`encoding` of a
    `WebSocketEndpoint`, `receive_mode` of a listener); None: only the source can tell.
    Empty: nothing is read (a Litestar stream)."""
    subprotocols: tuple[str, ...] = ()
    """The subprotocols that the declaration names (a GraphQL application's)."""
    body: Body | None = None
    auto_accept: bool = False
    dependencies: tuple[Callable[..., Any], ...] = field(default=())
    """The user's functions that run before or around the handler (dependencies, guards) and
    whose source can be read like the handler's."""

    @property
    def id(self) -> str:
        """The text between the brackets of the node id."""
        text = f"{self.method} {self.path}" if self.kind == "http" else self.path
        return f"{text} @{self.host}" if self.host else text
