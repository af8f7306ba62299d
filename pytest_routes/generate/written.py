"""Conversations that users write themselves, as generator functions.

What the function yields is what the client does next; what it gets back is what the server has
said since. What it draws Hypothesis draws, and shrinks.
"""

from __future__ import annotations

import inspect
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from pytest_routes.generate.choices import OnlyDrawn
from pytest_routes.generate.content import dumps
from pytest_routes.generate.conversation import DrawnScript
from pytest_routes.generate.registry import WrongMessage, caller, checked_glob, checked_weight
from pytest_routes.routes.globs import matches
from pytest_routes.simulator.conversation import Leave, Message, Open, Send, Step
from pytest_routes.simulator.transcript import (
    Answered,
    Closed,
    Dropped,
    Left,
    Raised,
    Refused,
    Returned,
    Transcript,
    Vanished,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from hypothesis.strategies import SearchStrategy

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.conversation import Handshakes, Plan
    from pytest_routes.simulator.conversation import Script

Draw: TypeAlias = "Callable[[SearchStrategy[Any]], Any]"
Said: TypeAlias = "list[str | bytes]"
"""What the server has sent since the client's last step."""
Conversation: TypeAlias = "Callable[[Draw], Generator[object, Said, None]]"

_STEPS = get_args(Step)
_ENDINGS = (Closed, Dropped, Refused, Returned, Left, Vanished)
_MOST_STEPS = 1000
_PARTS = 64


@dataclass(frozen=True, slots=True)
class ConversationRegistration:
    """A function that writes the conversations of some routes."""

    pattern: str
    function: Conversation
    weight: float
    """The share of a route's sequences that it writes."""
    place: str

    def __str__(self) -> str:
        name = getattr(self.function, "__name__", "...")
        return f"register_conversation({self.pattern!r}, {name}) in {self.place}"


_registrations: list[ConversationRegistration] = []


def register_conversation(pattern: str, function: Conversation, *, weight: float = 1.0) -> None:
    """Let a function of your own lead the conversations with the routes that a glob names.

    `function` is a generator function of one argument, `draw`, which draws from a Hypothesis
    strategy. It yields what the client does: a `dict` or `list` to send it as JSON, a `str` as
    text, `bytes` as they are, or a step (`Wait`, `Leave`, `Vanish`, `Send`, `Open` of
    `pytest_routes.websocket`). Each `yield` returns the list of what the server has sent since,
    as `str` or `bytes`. The client is connected before the function is called, and leaves when
    it returns. `weight`, over 0 and up to 1, is the share of the route's sequences that are
    led so; of several functions for a route the latest counts.

        def haggle(draw):
            offer = draw(st.integers(1, 100))
            (answer,) = yield {"offer": offer}
            if json.loads(answer)["accepted"]:
                yield {"pay": offer}

        register_conversation("/ws/market", haggle)

    A function that raises fails the route with the line. Raises TypeError when `function` is no
    generator function, ValueError when the glob or the weight cannot be.
    """
    name = "register_conversation"
    if not inspect.isgeneratorfunction(function):
        raise TypeError(
            f"{name}: function must be a generator function (one with `yield`), not {function!r}"
        )
    _registrations.append(
        ConversationRegistration(
            checked_glob(pattern, name), function, checked_weight(weight, name), caller()
        )
    )


def unregister_conversation(pattern: str) -> None:
    """Forget the functions that were registered with exactly this glob.

        unregister_conversation("/ws/market")

    Raises LookupError when there are none.
    """
    kept = [each for each in _registrations if each.pattern != pattern]
    if len(kept) == len(_registrations):
        raise LookupError(f"no conversation is registered for {pattern!r}")
    _registrations[:] = kept


def registered_conversations() -> tuple[ConversationRegistration, ...]:
    return tuple(_registrations)


def conversation_for(path: str) -> ConversationRegistration | None:
    """The latest registration whose glob matches a declared path."""
    found = [each for each in _registrations if matches(each.pattern, path)]
    return found[-1] if found else None


def scripts(path: str, plan: Plan) -> Callable[[Choices], Script]:
    """What makes the scripts of a route: drawn ones, and those that users have written."""
    registration = conversation_for(path)
    if registration is None:
        return lambda choices: DrawnScript(choices, plan)
    share = max(1, round(registration.weight * _PARTS))

    def script(choices: Choices) -> Script:
        if share < _PARTS and choices.index(_PARTS) >= share:
            return DrawnScript(choices, plan)
        return WrittenScript(choices, registration, plan.handshake)

    return script


class WrittenScript:
    """A script that does what a user's function says."""

    def __init__(
        self, choices: Choices, registration: ConversationRegistration, handshake: Handshakes
    ) -> None:
        self._choices = choices
        self._registration = registration
        self._handshake = handshake
        self._function: Generator[object, Said, None] | None = None
        self._seen = 0
        self._steps = 0
        self._connected = True

    def next_step(self, transcript: Transcript) -> Step | None:
        said = self._catch_up(transcript)
        self._steps += 1
        if self._function is None:
            if self._steps == 1:
                return Open(0, self._handshake(self._choices, transcript))
            if not self._choices.draws:
                # A function that handles exceptions may not notice that nothing can be drawn.
                raise OnlyDrawn(f"{self._registration} draws")
            self._function = self._registration.function(self._choices.draw)
            return self._next(None)
        if not self._connected or self._steps > _MOST_STEPS:
            return self._over()
        return self._next(said)

    def _next(self, said: Said | None) -> Step | None:
        function = self._function
        assert function is not None
        if not self._connected:
            return self._over()
        try:
            wanted = next(function) if said is None else function.send(said)
        except StopIteration:
            return self._over()
        except (OnlyDrawn, WrongMessage):
            raise
        except Exception as error:
            from hypothesis.errors import HypothesisException

            if isinstance(error, HypothesisException):
                raise
            raise WrongMessage(f"{self._registration}: {self._raised(error)}") from error
        return self._step(wanted)

    def _raised(self, error: Exception) -> str:
        """What the function raised, on which of its lines, and what is behind it."""
        file = self._registration.function.__code__.co_filename
        lines = [
            line
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename == file
        ]
        place = f" ({file}:{lines[-1]})" if lines else ""
        told = f"the function raised {type(error).__name__}: {error}{place}"
        if isinstance(error, AttributeError) and getattr(error, "name", "") == "send":
            return f"{told}; `yield from` takes generators only: yield each of the others by itself"
        return told

    def _over(self) -> Step | None:
        if self._function is not None:
            self._function.close()
        if not self._connected:
            return None
        self._connected = False
        return Leave(0)

    def _step(self, wanted: object) -> Step:
        if isinstance(wanted, _STEPS):
            return wanted  # type: ignore[no-any-return]
        if isinstance(wanted, str):
            return Send(0, Message("text", wanted))
        if isinstance(wanted, (bytes, bytearray)):
            return Send(0, Message("bytes", bytes(wanted)))
        if isinstance(wanted, Message):
            return Send(0, wanted)
        if isinstance(wanted, (dict, list)):
            try:
                return Send(0, Message("json", dumps(wanted)))
            except (TypeError, ValueError, RecursionError) as error:
                reason = f"; json.dumps: {error}"
        else:
            reason = ""
        raise WrongMessage(
            f"{self._registration}: the function must yield a dict, list, str, bytes or a step, "
            f"but it yielded {type(wanted).__name__}: {wanted!r}{reason}"
        )

    def _catch_up(self, transcript: Transcript) -> Said:
        """What was said to the first client, and whether it is still there."""
        said: Said = []
        for position in range(self._seen, len(transcript.events)):
            event = transcript.events[position]
            if event.client != 0:
                continue
            if isinstance(event, Answered):
                said.append(event.message.data)
            elif isinstance(event, _ENDINGS) or (isinstance(event, Raised) and not event.hidden):
                self._connected = False
        self._seen = len(transcript.events)
        return said
