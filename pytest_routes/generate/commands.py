"""Which of its commands a handler is sent next.

The shapes of a place where messages are taken are sorted by the command that they say: by
the values of the term that tells most of them apart. Whatever the source does under one
command, each command gets the same share.

Applications are used in an order, and many write their commands down in about that order: log
in, open, use, close. So in a part of the conversations the command that follows the last one is
sent more often than any other. In others those come first that were not said yet, or a few are
said again and again. What was refused is said less often until something else has succeeded.
Shapes that ask for more than others are where the application does something.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.command_groups import (
    by_command,
    fullest,
    is_in_batches,
    looked_up,
    telling,
)
from pytest_routes.generate.settings import settings_of, suits
from pytest_routes.generate.told import singular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary import Shape, Term

_ANY, _NEXT, _SAME, _FEW, _FRESH = range(5)
_WALKS = (
    (_ANY,) + (_NEXT,) * 6 + (_SAME,),
    (_ANY,) + (_NEXT,) * 7,
    (_ANY,) * 7 + (_SAME,),
    (_NEXT,) * 2 + (_FRESH,) * 4 + (_SAME, _ANY),
    (_FEW,) * 7 + (_ANY,),
    (_FRESH,) * 5 + (_ANY,) * 2 + (_SAME,),
    (_FEW,) * 8,
)
"""In the order of the source, in any, those first that were not said yet, or a few of them again
and again."""
_FEWEST, _MOST_OF_FEW = 2, 4
_ENDS = re.compile(
    r"[^a-z]*(quit|exit|bye|goodbye|close|disconnect|logout|log_?off|shutdown|terminate)[^a-z]*",
    re.IGNORECASE,
)
"""Commands after which an application has nothing more to say."""
_BEGINNINGS = {"close": "open", "logout": "login"}
_SPARED = 4
"""One in so many of them is said."""
_RARE = 8
"""The same of those that only clients of another role may say."""
_MOST_IN_BATCH = 6
_FULL = 4
"""One in so many messages says less than the branch that asks for most."""


class Commands:
    """The recipes of one place, by command, in the order of the source."""

    __slots__ = (
        "_any",
        "_ends",
        "_first",
        "_full",
        "_groups",
        "_in_batches",
        "_needs",
        "_settings",
        "_unneedy",
        "_weighed",
        "_words",
    )

    def __init__(
        self, message: Term, shapes: Sequence[Shape], made: Callable[[Shape], Recipe]
    ) -> None:
        groups = by_command(shapes, message)
        self._groups: list[list[Recipe]] = []
        self._full: list[list[Recipe]] = []
        for members in groups.values():
            recipes = [made(shape) for shape in members]
            full = fullest(members)
            self._groups.append(recipes)
            times = -(-(_FULL - 1) * len(recipes) // len(full))
            self._full.append([recipes[i] for i in full] * times + recipes)
        self._first = next((i for i, command in enumerate(groups) if command is not None), 0)
        """The first of the source, behind the shapes that say no command."""
        self._any = 0 if message.models and telling(shapes) is None else self._first
        """A declared type has commands that the source does not name (in its last `else`)."""

        self._words = _words(groups) | _compared(shapes)
        self._ends = frozenset(
            i for i, command in enumerate(groups) if _is_an_end(command, self._words)
        )
        self._in_batches = is_in_batches(telling(shapes), message)
        """A message holds several commands, one after the other."""
        self._needs = [looked_up(members) for members in groups.values()]
        """What each command looks up, by its key: somebody must have named it."""
        self._unneedy = any(not self._needs[i] for i in range(self._any, len(self._needs)))
        self._settings = [settings_of(members) for members in groups.values()]
        """What each command asks of the handshake."""
        self._weighed = _weighed(list(groups.values()), self._any)
        """The commands to choose from; twice those that say more than their name."""

    def __call__(self, choices: Choices, memory: Memory) -> Any:
        made = self._one(choices, memory)
        if not (self._in_batches and memory.earnest and isinstance(made, list)):
            return made
        # Each operation of a batch is a command, and speaks of what those before it have named.
        drafted: list[Any] = []
        for _ in range(choices.index(_MOST_IN_BATCH)):
            drafted += memory.draft(made)
            more = self._one(choices, memory)
            made = made + more if isinstance(more, list) else made
        memory.undraft(drafted)
        return made

    def _one(self, choices: Choices, memory: Memory) -> Any:
        if not self._words <= memory.names_of_commands:
            memory.names_of_commands |= self._words
        which = self._next(choices, memory)
        if memory.earnest:
            self._notice(memory)
            which = self._entrance(which, choices, memory)
        if memory.earnest and which in self._vain(memory) and choices.index(_SPARED):
            which = self._next_hopeful(choices, memory)
        if memory.earnest and self._is_early(which, memory) and choices.index(_SPARED):
            which = pick(choices, [w for w in self._weighed if not self._is_early(w, memory)])
        if memory.earnest and which in self._ends and choices.index(_SPARED):
            which = self._next(choices, memory)
        if memory.earnest and self._is_for_others(which, memory) and choices.index(_RARE):
            which = self._next_hopeful(choices, memory)
        memory.commands.setdefault((memory.speaker, id(self)), []).append(which)
        made = self._full[which] if memory.earnest else self._groups[which]
        return pick(choices, made)(choices, memory)

    def _next(self, choices: Choices, memory: Memory) -> int:
        count = len(self._groups)
        if count == 1:
            return 0
        if not memory.earnest:
            return choices.index(count)
        if memory.walk is None:
            memory.walk = choices.index(len(_WALKS))
        how = pick(choices, _WALKS[memory.walk])
        said = memory.commands.get((memory.speaker, id(self)), ())
        last = said[-1] if said else None
        if how == _NEXT:
            following = self._first if last is None else last + 1
            return following if following < count else self._any
        if how == _SAME and last is not None:
            return last
        if how == _FEW:
            return pick(choices, self._few(choices, memory))
        if how == _FRESH:
            fresh = [each for each in self._weighed if each not in said]
            if fresh and choices.index(2) == 0:
                return fresh[0]  # in the order of the source
            return pick(choices, fresh or self._weighed)
        return pick(choices, self._weighed)

    def _is_for_others(self, which: int, memory: Memory) -> bool:
        """The application takes it only from clients that have said something else when they
        opened: that they are another role, say."""
        settings = self._settings[which]
        known = (
            memory.handshakes.get(memory.speaker)
            if settings and memory.speaker is not None
            else None
        )
        return known is not None and not any(suits(setting, known) for setting in settings)

    def _is_early(self, which: int, memory: Memory) -> bool:
        """It speaks of something that nobody has named yet, while another would not."""
        if not self._unneedy:
            return False
        return any(not memory.has_named(key) for key in self._needs[which])

    def _notice(self, memory: Memory) -> None:
        """Whether the client's last command was refused."""
        place = (memory.speaker, id(self))
        said = memory.commands.get(place)
        if not said or memory.speaker is None:
            return
        vain = memory.vain.setdefault(place, set())
        others = self._served_to_others(memory)
        changed = memory.others.get(place, 0) != others
        if changed:
            # What is refused to one may be what another one has to do something for.
            memory.others[place] = others
            vain.clear()
        if memory.refused.get(memory.speaker, False):
            if not changed:
                vain.add(said[-1])
            return
        vain.clear()
        memory.entrances.setdefault(id(self), said[-1])
        memory.served.add(place)

    def _served_to_others(self, memory: Memory) -> int:
        """Grows whenever another client was served."""
        return sum(
            len(said)
            for (client, where), said in memory.commands.items()
            if where == id(self)
            and client is not None
            and client != memory.speaker
            and not memory.refused.get(client, False)
        )

    def _entrance(self, which: int, choices: Choices, memory: Memory) -> int:
        """What another client was first served for, as long as this one was not."""
        entrance = memory.entrances.get(id(self))
        if entrance is None or (memory.speaker, id(self)) in memory.served:
            return which
        if entrance in self._vain(memory) or self._is_for_others(entrance, memory):
            return which
        return entrance if choices.index(_SPARED) else which

    def _vain(self, memory: Memory) -> set[int]:
        """The commands that were refused since one was not: they will be again."""
        return memory.vain.get((memory.speaker, id(self)), set())

    def _next_hopeful(self, choices: Choices, memory: Memory) -> int:
        vain = self._vain(memory)
        own = [each for each in self._weighed if not self._is_for_others(each, memory)]
        hopeful = [each for each in own or self._weighed if each not in vain]
        return pick(choices, hopeful or own or self._weighed)

    def _few(self, choices: Choices, memory: Memory) -> list[int]:
        """The few commands of which this conversation consists."""
        few = memory.few.get(id(self))
        if few is None:
            wanted = _FEWEST + choices.index(_MOST_OF_FEW - _FEWEST + 1)
            few = memory.few[id(self)] = [pick(choices, self._weighed) for _ in range(wanted)]
        return few


def _words(commands: Iterable[Any]) -> frozenset[str]:
    """The commands that are said by a word."""
    pairs = [p for c in commands if isinstance(c, tuple) for p in c if isinstance(p, tuple)]
    return frozenset(p[1] for p in pairs if len(p) == 2 and p[0] is str and isinstance(p[1], str))


def _compared(shapes: Sequence[Shape]) -> frozenset[str]:
    """The words that the source knows, and does not look up as well: `dishes` it lists, of which
    another message names one `dish`."""
    told = {c.term for shape in shapes for c in shape.conditions if c.operation == "told"}
    looked_up = {term.key for term in told}
    asked = [
        c
        for shape in shapes
        for c in shape.conditions
        if c.operation == "is" and c.term not in told and not _is_one_of(c.term, looked_up)
    ]
    return frozenset(v for c in asked for v in c.values if isinstance(v, str))


def _is_one_of(term: Term, names: set[Any]) -> bool:
    """An item of what is called so: of the `dishes`, where a `dish` is looked up."""
    key = term.parent.key if term.role == "item" and term.parent is not None else None
    return isinstance(key, str) and not names.isdisjoint(singular(key))


def _is_an_end(command: Any, all_words: frozenset[str]) -> bool:
    """It says goodbye, and does not end what another command begins."""
    known = {word.lower() for word in all_words}
    return any(
        _ENDS.fullmatch(word) and _BEGINNINGS.get(word.lower()) not in known
        for word in _words([command])
    )


def _weighed(groups: Sequence[Sequence[Shape]], first: int) -> list[int]:
    sizes = [max(len(shape.reads) for shape in members) for members in groups]
    least = min(sizes[first:], default=0)
    return [i for i in range(first, len(groups)) for _ in range(1 + (sizes[i] > least))]
