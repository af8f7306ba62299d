"""Messages from the strategies that users register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import OnlyDrawn
from pytest_routes.generate.content import dumps
from pytest_routes.generate.registry import WrongMessage
from pytest_routes.simulator.conversation import Message

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.graphql import GraphQLMessages
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.registry import Registration
    from pytest_routes.generate.sorts import Sorts

_PARTS = 64


class RegisteredMessages:
    """Draws messages from a registered strategy, and some of the usual ones beside them."""

    __slots__ = ("_max_size", "_registration", "_share", "_strategy", "_usual")

    def __init__(
        self,
        registration: Registration,
        max_size: int,
        usual: Sorts | GraphQLMessages | None = None,
    ) -> None:
        self._registration = registration
        self._max_size = max_size
        self._usual = usual
        self._share = max(1, round(registration.weight * _PARTS))
        self._strategy: SearchStrategy[Message] = registration.strategy.map(self._message).filter(
            self._fits
        )

    def __call__(self, choices: Choices, memory: Memory, client: int | None = None) -> Message:
        if self._usual is not None and choices.index(_PARTS) >= self._share:
            return self._usual(choices, memory, client)
        try:
            return choices.draw(self._strategy)
        except (OnlyDrawn, WrongMessage):
            raise
        except Exception as error:
            from hypothesis.errors import HypothesisException

            if isinstance(error, HypothesisException):
                raise
            raise WrongMessage(
                f"{self._registration}: drawing from the strategy raised "
                f"{type(error).__name__}: {error}"
            ) from error

    def _fits(self, message: Message) -> bool:
        return message.size <= self._max_size

    def _message(self, value: Any) -> Message:
        kind = self._registration.kind
        if kind == "bytes":
            if not isinstance(value, (bytes, bytearray)):
                raise self._wrong(value, "bytes")
            return Message(kind, bytes(value))
        if kind == "text":
            if not isinstance(value, str):
                raise self._wrong(value, "a str")
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise self._wrong(value, f"text that has UTF-8 ({error.reason})") from None
            return Message(kind, value)
        if kind == "graphql" and not isinstance(value, dict):
            raise self._wrong(value, "a dict")
        try:
            return Message(kind, dumps(value))
        except (TypeError, ValueError, RecursionError) as error:
            raise self._wrong(value, f"what json.dumps takes ({error})") from None

    def _wrong(self, value: Any, expected: str) -> WrongMessage:
        shown = repr(value)
        if len(shown) > 200:
            shown = shown[:200] + "..."
        return WrongMessage(
            f"{self._registration}: the strategy must yield {expected}, "
            f"but it yielded {type(value).__name__}: {shown}"
        )
