"""What was said in a conversation so far: values that later messages can use again."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.attribution import ids_in, kinds_in, named, words_of
from pytest_routes.generate.refusals import sounds_like_refusal
from pytest_routes.generate.told import (
    WORDS_OF_NAMES,
    Scalar,
    has_digit,
    is_count,
    is_label,
    is_plain,
    names_of,
    plain_name,
    scalars_in,
    singular,
    values_in,
)
from pytest_routes.simulator.transcript import Accepted, Answered, Opened, Sent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.simulator.conversation import Handshake, Message
    from pytest_routes.simulator.transcript import Transcript

_MOST_VALUES = 8
_MOST_MESSAGES = 12
_MOST_READ = 20_000

_COMPLAINTS = frozenset({
    "error", "errors", "reason", "detail", "details", "message", "status", "ok", "why",
})  # fmt: skip
"""Keys under which a server says what it thinks of a message: no names of anything."""


class Memory:
    """The values of one conversation by the keys under which they were said.

    It follows a transcript as it grows; what the server said is remembered before what the
    clients said.
    """

    __slots__ = (
        "_answered",
        "_by_key",
        "_doubtful",
        "_keys_said",
        "_kinds",
        "_put",
        "_said",
        "_said_by",
        "_seen",
        "_told",
        "answers",
        "clean",
        "commands",
        "current",
        "earnest",
        "entrances",
        "few",
        "handshakes",
        "messages",
        "names_of_commands",
        "others",
        "placed",
        "refused",
        "sent",
        "served",
        "speaker",
        "subprotocols",
        "vain",
        "walk",
        "words",
    )

    def __init__(self) -> None:
        self._seen = 0
        self._by_key: dict[str, list[Scalar]] = {}
        self._answered: list[Scalar] = []
        self._said: list[Scalar] = []
        self._told: dict[Scalar, frozenset[str]] = {}
        """What the server said under any key, by the names of that key."""
        self._kinds: dict[Scalar, set[str]] = {}
        """The words of which what the server said may be an id."""
        self._keys_said: set[str] = set()
        """The names of the keys under which clients have said something."""
        self.messages: list[Message] = []
        """What the clients sent, the newest first."""
        self.answers: list[Message] = []
        """What the server sent, the newest first."""
        self.refused: dict[int, bool] = {}
        """Whether the last answer that a client got sounds like a refusal."""
        self.handshakes: dict[int, Handshake] = {}
        """What each client has opened."""
        self.sent: dict[int, int] = {}
        """How many messages each client has sent."""
        self.subprotocols: dict[int, str | None] = {}
        """What the server has accepted for each client."""
        self._said_by: dict[int, list[Message]] = {}
        self.earnest: bool | None = None
        """The conversation is held for what the application is made for; None: not decided."""
        self.speaker: int | None = None
        """The client that says the next message."""
        self.walk: int | None = None
        """In which order commands are said; None: not decided."""
        self.words: list[Scalar] = []
        """What was put into the open places of texts, the newest first."""
        self.commands: dict[tuple[int | None, int], list[int]] = {}
        """Which commands each client has said, by place of the source."""
        self.few: dict[int, list[int]] = {}
        """The few commands that a conversation consists of, by place of the source."""
        self.vain: dict[tuple[int | None, int], set[int]] = {}
        """The commands that were refused to a client since one was not, by place of the source."""
        self.others: dict[tuple[int | None, int], int] = {}
        """How often others were served when a client last spoke, by place of the source."""
        self.entrances: dict[int, int] = {}
        """The command for which a client was first served, by place of the source."""
        self.served: set[tuple[int | None, int]] = set()
        """The clients that were served at all, by place of the source."""
        self.names_of_commands: frozenset[str] = frozenset()
        """Words that say what to do: no names of anything."""
        self._doubtful: dict[int, list[tuple[list[Scalar], Scalar]]] = {}
        """What was learned from a client's last message, and where it is kept."""
        self.placed: list[Any] = []
        """What was put into places of bytes that the application looks up, the newest first."""
        self._put: list[tuple[list[Any], Any]] = []
        """What was put into the message that is being made, and where it is kept."""
        self.current: list[str] = []
        """The texts that match patterns in the message that is being made."""
        self.clean = False
        """Hardly anything is said that the application is not made for."""

    def follow(self, transcript: Transcript) -> None:
        """Take notice of what was added to the transcript."""
        events = transcript.events
        for position in range(self._seen, len(events)):
            event = events[position]
            if isinstance(event, Opened):
                self.sent.setdefault(event.client, 0)
                self.handshakes[event.client] = event.handshake
            elif isinstance(event, Accepted):
                self.subprotocols[event.client] = event.subprotocol
            elif isinstance(event, Sent):
                self.sent[event.client] = self.sent.get(event.client, 0) + 1
                _push(self.messages, event.message, _MOST_MESSAGES)
                self._said_by.setdefault(event.client, []).append(event.message)
                self.refused[event.client] = False
                new = self._learn(event.message, answered=False)
                self._doubtful[event.client] = [*new, *self._put]
                self._put.clear()
                self.current.clear()
            elif isinstance(event, Answered):
                _push(self.answers, event.message, _MOST_MESSAGES)
                complaining = sounds_like_refusal(event.message.data)
                self.refused[event.client] = complaining
                if complaining:
                    self._forget(event.client)
                self._learn(event.message, answered=True, complaining=complaining)
                if not complaining:
                    self._attribute(event.message, event.client)
        self._seen = len(events)

    def _learn(
        self, message: Message, *, answered: bool, complaining: bool = False
    ) -> list[tuple[list[Scalar], Scalar]]:
        """Remember the values of a message; returns what is new, and where it is kept."""
        new: list[tuple[list[Scalar], Scalar]] = []
        if len(message.data) > _MOST_READ:
            return new
        for key, value in values_in(message.data):
            if isinstance(value, str) and (
                len(value) > 200
                or value in self.names_of_commands
                or (complaining and not has_digit(value))
            ):
                continue
            names = [*names_of(key), *(singular(key) if isinstance(value, str) else ())]
            places = [self._by_key.setdefault(name, []) for name in names]
            for known in places:
                if self._note(known, value, front=answered):
                    new.append((known, value))
            if key is not None:
                if answered:
                    self._told[value] = frozenset(names_of(key))
                else:
                    self._keys_said.add(plain_name(key))
            complaint = key is not None and plain_name(key) in _COMPLAINTS
            if not (answered and (complaint or is_count(key, value) or is_label(key, value))):
                general = self._answered if answered else self._said
                if self._note(general, value, front=True):
                    new.append((general, value))
        return new

    def _attribute(self, message: Message, client: int) -> None:
        """Remember of what the ids in an answer may be the ids."""
        pairs = kinds_in(message.data)
        if not pairs:
            return
        said = self._said_by.get(client)
        asked = _commands_in(said[-1].data, self.names_of_commands) if said else ()
        commands = [(word, value) for value in ids_in(message.data) for word in asked]
        for kind, value in (*commands, *pairs):
            if kind:
                self._note(self._by_key.setdefault(kind, []), value, front=True)
                self._kinds.setdefault(value, set()).add(kind)

    def _forget(self, client: int) -> None:
        """Nothing came of what a client said last."""
        for known, value in self._doubtful.pop(client, ()):
            if value in known:
                known.remove(value)

    @staticmethod
    def _note(known: list[Scalar], value: Scalar, *, front: bool) -> bool:
        if any(type(v) is type(value) and v == value for v in known):
            return False
        known.insert(0 if front else len(known), value)
        del known[_MOST_VALUES:]
        return True

    def said_by(self, client: int | None) -> list[Any]:
        """What a client has sent as JSON, the oldest first; the client that has sent least,
        when it is not told which."""
        if client is None:
            client = min(self.sent, key=lambda known: self.sent[known], default=0)
        found = []
        for message in self._said_by.get(client, ()):
            try:
                found.append(json.loads(message.data))
            except (ValueError, RecursionError):
                continue
        return found

    def position(self, client: int | None) -> int:
        """How many messages a client has sent; the one that has sent least, when it is not
        told which."""
        if client is None:
            return min(self.sent.values(), default=0)
        return self.sent.get(client, 0)

    def values_for(self, key: str) -> list[Scalar]:
        """What was said under the key, or under a key that ends in the same word; the
        server's words first."""
        for name in (plain_name(key), named(key)):
            known = self._by_key.get(name) if name else None
            if known:
                return known
        for word in WORDS_OF_NAMES.findall(key)[-1:]:
            known = self._by_key.get(word.lower())
            if known:
                return known
        return []

    def likely(
        self, key: str, wanted: Callable[[Scalar], bool], others: Sequence[str] = ()
    ) -> list[Scalar]:
        """What the application may know of a value under the key: what the server said under it
        or a similar one; else what the server said first, and what a client said under it.
        `others` are keys of what is looked up at the same place."""
        known = self.values_for(key)
        for other in others:
            known = known + [
                v for v in self.values_for(other) if v in self._told and v not in known
            ]
        elsewhere = self._keys_said.difference(*map(names_of, (key, *others)))
        new = [
            value
            for value in self._answered
            if value not in self._said and elsewhere.isdisjoint(self._told.get(value, ()))
        ]
        if known:
            # A number is no name where names are words.
            kinds = {type(value) for value in known}
            new = [value for value in new if type(value) in kinds or not is_plain(value)]
        new.sort(key=is_plain)
        told = [value for value in known if value in self._told]
        if told:
            told += [
                value
                for value in new
                if value not in told and not is_plain(value) and value not in self._kinds
            ]
        # A word that was told under another name is rather a title than a name.
        words = [value for value in new if isinstance(value, str) and is_plain(value)]
        if known:
            new = [value for value in new if value not in words]
        likely = _interleaved(new, known or self._said)
        likely += words if known else ()
        for ranked in (told, likely, self._answered, self._said):
            found = [value for value in ranked if wanted(value)]
            if found:
                return found
        return []

    def draft(self, value: Any) -> list[tuple[list[Scalar], Scalar]]:
        """Remember, for the rest of the same message, what stands in a part of it."""
        new = []
        for key, each in scalars_in(None, value, 40):
            if each in self.names_of_commands:
                continue
            for known in (
                *(self._by_key.setdefault(name, []) for name in names_of(key)),
                self._said,
            ):
                if self._note(known, each, front=True):
                    new.append((known, each))
        return new

    @staticmethod
    def undraft(drafted: list[tuple[list[Scalar], Scalar]]) -> None:
        """Forget it again: the message as a whole will be learned from when it is sent."""
        for known, value in drafted:
            if value in known:
                known.remove(value)

    def has_named(self, key: str) -> bool:
        """The server has said anything, or a client something under the key."""
        return bool(self._answered or self.values_for(key))

    def has_told(self, key: str) -> bool:
        """The server has said something under the key."""
        return any(value in self._told for value in self.values_for(key))

    def beginning_with(self, prefixes: tuple[str, ...]) -> list[Scalar]:
        """What the server said, and what was put into open places, that begins so."""
        known = dict.fromkeys(v for v in (*self._answered, *self.words) if isinstance(v, str))
        return [v for v in known if v.startswith(prefixes) and v not in prefixes and " " not in v]

    def put(self, word: Scalar) -> None:
        """Remember what was put into an open place of a text."""
        if self._note(self.words, word, front=True):
            self._put.append((self.words, word))

    def place(self, value: Any) -> None:
        """Remember what was put into a place of bytes that the application looks up."""
        if self._note(self.placed, value, front=True):
            self._put.append((self.placed, value))

    @property
    def anything(self) -> list[Scalar]:
        """Words for the open places of a text: those that were put there, and the server's."""
        return [*self.words[:4], *self._single_words()[:4]]

    @property
    def told_words(self) -> list[Scalar]:
        """What may be a name in a text: a word of the server's, or one that was put there."""
        said = self._single_words()
        numbered = [v for v in said if any(map(str.isdigit, str(v)))]
        echoed = [v for v in self.words if v in said]
        rest = [v for v in self.words if v not in echoed]
        if numbered:
            return _interleaved(numbered, [*echoed, *rest])
        return [*echoed, *_interleaved([v for v in said if v not in echoed], rest)]

    def _single_words(self) -> list[Scalar]:
        return [v for v in self._answered if not (isinstance(v, str) and " " in v)]

    @property
    def answered(self) -> list[Scalar]:
        """What the server said, the newest first."""
        return self._answered


@lru_cache(maxsize=512)
def _commands_in(data: str | bytes, commands: frozenset[str]) -> tuple[str, ...]:
    """The words of the commands that a message says."""
    said = [v for _, v in values_in(data) if isinstance(v, str) and v in commands]
    return tuple(word for command in said for word in words_of(command))


def _interleaved(one: list[Scalar], other: list[Scalar]) -> list[Scalar]:
    found: list[Scalar] = []
    for position in range(max(len(one), len(other))):
        found += one[position : position + 1] + other[position : position + 1]
    return found


def _push(known: list[Message], message: Message, most: int) -> None:
    known.insert(0, message)
    del known[most:]
