"""What a client says to open a connection: path, query, headers, credentials, subprotocols."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_routes.generate.authentication import with_credentials
from pytest_routes.generate.choices import Choices, pick
from pytest_routes.generate.compared import compared_with, with_mined
from pytest_routes.generate.parameters import target_maker
from pytest_routes.generate.settings import in_another_role, settings_in
from pytest_routes.generate.vocabulary import mine
from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.transcript import Opened

if TYPE_CHECKING:
    from pytest_routes.config import Config
    from pytest_routes.generate.conversation import Handshakes
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.transcript import Transcript


# A further client asks for the same as the first (the same room, the same name), but for one
# in so many: what clients do to each other, they do in one place. Where the source has other
# commands for one role than for another, the further client mostly has another role there.
_ELSEWHERE = 4
_ATTEMPTS = 3
_NUMBER = re.compile(r"\d+")


def offers(subprotocols: tuple[str, ...], *, others: bool = True) -> tuple[tuple[str, ...], ...]:
    """What a client may offer: everything, one of them, or, now and then, nothing.

    The whole list comes first and most often: it is what is most likely accepted. With `others`,
    one may be another version, of which the application need not know, alone or beside its own.
    """
    if not subprotocols:
        return ((),)
    single = tuple((name,) for name in subprotocols)
    most = 3 * max(1, len(single))
    other = _another_version(subprotocols)
    unknown = ((other,), (other, *subprotocols)) if others else ()
    return (*((subprotocols,) * most), *single, (), *unknown)


def _another_version(subprotocols: tuple[str, ...]) -> str:
    """`v1.chat` for `v2.chat`; `chat.v2` where no number is in it."""
    name = subprotocols[0]
    number = _NUMBER.search(name)
    if number is None:
        return f"{name}.v2"
    for version in range(1, len(subprotocols) + 2):
        other = f"{name[: number.start()]}{version}{name[number.end() :]}"
        if other not in subprotocols:
            break
    return other


def handshakes(route: Route, config: Config, subprotocols: tuple[str, ...]) -> Handshakes:
    """A function that draws a handshake for one route."""
    target = target_maker(with_mined(route), config.parameters, known=compared_with(route))
    auth = config.auth
    headers = (*config.headers.items(), *auth.handshake_headers)
    offered = offers(subprotocols, others=not config.websocket.subprotocols)
    host = route.host if route.host and "{" not in route.host else "localhost"

    settings = settings_in(mine(route.handler, route.dependencies)) if route.handler else ()

    def draw(choices: Choices, transcript: Transcript) -> Handshake:
        opened = transcript.first(Opened)
        where = choices.index(_ELSEWHERE) if opened is not None else _ELSEWHERE - 1
        if opened is None or where == _ELSEWHERE - 1:
            return anywhere(choices)
        if settings and where:
            for _ in range(_ATTEMPTS):
                other = in_another_role(opened.handshake, anywhere(choices), settings)
                if other is not None:
                    return other
        return opened.handshake

    def anywhere(choices: Choices) -> Handshake:
        wanted = with_credentials(target(choices), headers=headers, query=auth.handshake_query)
        return Handshake(
            path=wanted.path,
            query=wanted.query,
            headers=wanted.headers,
            subprotocols=pick(choices, offered),
            host=host,
        )

    return draw
