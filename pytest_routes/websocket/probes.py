"""Single questions that are asked apart from the drawn conversations.

Each probe is a short recorded conversation whose answer only one check looks at: a frame of a
kind that the handler does not read, a handshake without credentials, one from a foreign page.
They start from a handshake that the application has accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_routes.generate.authentication import bare_headers, bare_query
from pytest_routes.simulator.conversation import Handshake, Leave, Message, Open, Recorded, Send
from pytest_routes.simulator.transcript import Answered, Sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_routes.config import Config
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.conversation import Step
    from pytest_routes.simulator.transcript import Transcript

FOREIGN_ORIGIN = "https://attacker.example"
WRONG_TOKEN = "not-the-token"


@dataclass(frozen=True, slots=True)
class Probe:
    """A question: what is done, and the check that judges it."""

    check: str
    steps: tuple[Step, ...]
    without_credentials: bool = False
    answers: tuple[Message, ...] = ()
    """What the same messages were answered to a client with credentials in its first message."""

    def script(self) -> Recorded:
        return Recorded(self.steps)


def probes(
    route: Route,
    config: Config,
    unexpected: Iterable[Message],
    accepted: Handshake | None,
    sample: Transcript | None = None,
) -> Iterator[Probe]:
    """The questions to ask of a route.

    `unexpected` are messages of kinds that its handler does not read, `accepted` is a handshake
    that it has accepted, None when it has accepted none, and `sample` a conversation after it.
    """
    checks = config.websocket.checks
    if accepted is None:
        return
    if checks.unexpected_frame != "off":
        for message in unexpected:
            yield Probe("unexpected_frame", (*_opening(accepted, config), Send(0, message)))
    if config.requires_auth(route.path) and checks.auth_bypass != "off":
        bare = without_credentials(accepted, route, config)
        if config.auth.first_message is None:
            yield Probe("auth_bypass", (Open(0, bare), Leave(0)), without_credentials=True)
        elif sample is not None:
            yield from _with_wrong_first_message(bare, config.auth.first_message, sample)
    if checks.origin_unchecked != "off":
        foreign = _with_headers(
            accepted, (("origin", FOREIGN_ORIGIN), ("cookie", "session=pytest-routes"))
        )
        yield Probe("origin_unchecked", (Open(0, foreign), Leave(0)))


def without_credentials(handshake: Handshake, route: Route, config: Config) -> Handshake:
    """The same handshake by a client that does not show who it is."""
    return replace(
        handshake,
        headers=bare_headers(route, handshake.headers, config.auth.handshake_headers),
        query=bare_query(route, handshake.query, config.auth.handshake_query),
    )


def _with_wrong_first_message(bare: Handshake, first: str, sample: Transcript) -> Iterator[Probe]:
    """The sample's only client once more, with another token in its first message, up to what
    it was answered first."""
    sent: list[Message] = []
    answers: list[Message] = []
    for event in sample.events:
        if isinstance(event, Answered):
            answers.append(event.message)
        elif isinstance(event, Sent):
            if answers:
                break
            sent.append(event.message)
    if not sent or not answers or "$TOKEN" not in first:
        return
    wrong = Message("text", first.replace("$TOKEN", WRONG_TOKEN))
    said = (Send(0, message) for message in (wrong, *sent[1:]))
    yield Probe(
        "auth_bypass",
        (Open(0, bare), *said, Leave(0)),
        without_credentials=True,
        answers=tuple(answers),
    )


def _opening(handshake: Handshake, config: Config) -> Sequence[Step]:
    first = config.auth.opening_message
    opening: tuple[Step, ...] = (Open(0, handshake),)
    return opening if first is None else (*opening, Send(0, Message("text", first)))


def _with_headers(handshake: Handshake, headers: tuple[tuple[str, str], ...]) -> Handshake:
    names = {name for name, _ in headers}
    kept = tuple(pair for pair in handshake.headers if pair[0].lower() not in names)
    return replace(handshake, headers=(*kept, *headers))
