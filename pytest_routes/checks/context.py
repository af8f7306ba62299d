"""What the checks know beside the transcript: the route's declaration and the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_routes.checks.frames import is_application

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.checks.catalogue import CheckKind
    from pytest_routes.simulator.conversation import Message
    from pytest_routes.simulator.transcript import Responded


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything has a default that makes no check find more than the transcript shows."""

    kind: CheckKind = "websocket"
    framework: str = ""
    """As in `Route.framework`."""
    own: Callable[[str], bool] = is_application
    """Whether a source file is the application's."""
    reads: frozenset[Literal["text", "json", "bytes"]] | None = None
    """The kinds of message that the handler reads; None: not known."""
    answer_problem: Callable[[Message | Responded], str | None] | None = None
    """What is wrong with an answer, by the type that the route declares for it, or None when
    it fits. Not given: the route declares nothing, or sends other messages as well."""
    answer_type: str = ""
    """What that type is called."""
    must_authenticate: bool = False
    """The route is in `auth.required`, and no client of this conversation shows credentials."""
    first_message_authenticates: bool = False
    """Credentials are expected in the first message, after accepting."""
    answers_to_credentials: tuple[Message, ...] = ()
    """What the application has answered to the same messages after the right first one."""
