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
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.declared import named_values
from pytest_routes.generate.vocabulary.terms import Condition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary import Shape, Term

_MOST_VALUES = 24
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
_SPARED = 4
"""One in so many of them is said."""
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
        "_unneedy",
        "_weighed",
        "_words",
    )

    def __init__(
        self, message: Term, shapes: Sequence[Shape], made: Callable[[Shape], Recipe]
    ) -> None:
        groups = _by_command(shapes, message)
        self._groups: list[list[Recipe]] = []
        self._full: list[list[Recipe]] = []
        for members in groups.values():
            recipes = [made(shape) for shape in members]
            full = _fullest(members)
            self._groups.append(recipes)
            times = -(-(_FULL - 1) * len(recipes) // len(full))
            self._full.append([recipes[i] for i in full] * times + recipes)
        self._first = next((i for i, command in enumerate(groups) if command is not None), 0)
        """The first of the source, behind the shapes that say no command."""
        self._any = 0 if message.models else self._first
        """A declared type has commands that the source does not name (in its last `else`)."""

        self._words = _words(groups) | _compared(shapes)
        self._ends = frozenset(i for i, command in enumerate(groups) if _is_an_end(command))
        self._in_batches = _is_in_batches(_telling(shapes), message)
        """A message holds several commands, one after the other."""
        self._needs = [_looked_up(members) for members in groups.values()]
        """What each command looks up, by its key: somebody must have named it."""
        self._unneedy = any(not self._needs[i] for i in range(self._any, len(self._needs)))
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
        if memory.earnest and which in self._vain(memory) and choices.index(_SPARED):
            which = self._next_hopeful(choices, memory)
        if memory.earnest and self._is_early(which, memory) and choices.index(_SPARED):
            which = pick(choices, [w for w in self._weighed if not self._is_early(w, memory)])
        if memory.earnest and which in self._ends and choices.index(_SPARED):
            which = self._next(choices, memory)
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

    def _is_early(self, which: int, memory: Memory) -> bool:
        """It speaks of something that nobody has named yet, while another would not."""
        if not self._unneedy:
            return False
        return any(not memory.has_named(key) for key in self._needs[which])

    def _vain(self, memory: Memory) -> set[int]:
        """The commands that were refused since one was not: they will be again."""
        place = (memory.speaker, id(self))
        vain = memory.vain.setdefault(place, set())
        said = memory.commands.get(place)
        if said and memory.speaker is not None:
            if memory.refused.get(memory.speaker, False):
                vain.add(said[-1])
            else:
                vain.clear()
        return vain

    def _next_hopeful(self, choices: Choices, memory: Memory) -> int:
        vain = self._vain(memory)
        hopeful = [each for each in self._weighed if each not in vain]
        return pick(choices, hopeful or self._weighed)

    def _few(self, choices: Choices, memory: Memory) -> list[int]:
        """The few commands of which this conversation consists."""
        few = memory.few.get(id(self))
        if few is None:
            wanted = _FEWEST + choices.index(_MOST_OF_FEW - _FEWEST + 1)
            few = memory.few[id(self)] = [pick(choices, self._weighed) for _ in range(wanted)]
        return few


def _is_in_batches(term: Term | None, message: Term) -> bool:
    """What tells the commands apart stands in the items of an array."""
    inner = None if term is None else term.parent
    return inner is not None and inner.role == "item" and inner.parent is message


def _words(commands: Iterable[Any]) -> frozenset[str]:
    """The commands that are said by a word."""
    pairs = [p for c in commands if isinstance(c, tuple) for p in c if isinstance(p, tuple)]
    return frozenset(p[1] for p in pairs if len(p) == 2 and p[0] is str and isinstance(p[1], str))


def _compared(shapes: Sequence[Shape]) -> frozenset[str]:
    """The words that the source knows."""
    asked = [c for shape in shapes for c in shape.conditions if c.operation == "is"]
    return frozenset(v for c in asked for v in c.values if isinstance(v, str))


def _is_an_end(command: Any) -> bool:
    """It says goodbye."""
    return any(_ENDS.fullmatch(word) for word in _words([command]))


def _weighed(groups: Sequence[Sequence[Shape]], first: int) -> list[int]:
    sizes = [max(len(shape.reads) for shape in members) for members in groups]
    least = min(sizes[first:], default=0)
    return [i for i in range(first, len(groups)) for _ in range(1 + (sizes[i] > least))]


def _by_command(shapes: Sequence[Shape], message: Term) -> dict[Any, list[Shape]]:
    """The shapes by what they say of the term that tells most of them apart, or by the members
    that they ask for; those that ask for nothing come first, as the plainest shape does."""
    term = _telling(shapes)
    groups: dict[Any, list[Shape]] = {None: []}
    unnamed = _unnamed(shapes, message, term)
    in_batches = _is_in_batches(term, message)
    named = [
        set(shape.conditions)
        for shape in shapes[:_MOST_COMPARED]
        if any(c.term is term and c.operation == "is" for c in shape.conditions)
    ]
    narrower = {
        (type(c.values[0]), c.values[0])
        for shape in shapes
        for c in shape.conditions
        if c.term is term and c.operation == "is" and len(c.values) == 1
    }
    for shape in shapes:
        asked = [c for c in shape.conditions if c.term is term and c.operation == "is"]
        if not asked:
            vague = any(set(shape.conditions) <= each for each in named)
            # That a value is of a wrong type is no command, nor that there are items to look at.
            vague = vague or (
                {c.operation for c in shape.conditions} == {"type"}
                and (shape.refused or (in_batches and len(shape.conditions) > 1))
            )
            groups.setdefault(None if vague else _members(shape, message), []).append(shape)
            continue
        values = asked[0].values
        if len(values) > _MOST_VALUES:
            groups.setdefault(_key(values), []).append(shape)
            continue
        for value in values:
            if len(values) > 1 and (type(value), value) in narrower:
                # Another shape knows what belongs to just this command.
                continue
            one = shape if len(values) == 1 else _saying(shape, asked[0], value)
            groups.setdefault(_key((value,)), []).append(one)
    for value in unnamed:
        assert term is not None
        plain = replace(shapes[0], conditions=(Condition(term, "is", (value,)),))
        groups.setdefault(_key((value,)), []).append(plain)
    return {command: members for command, members in groups.items() if members}


def _unnamed(shapes: Sequence[Shape], message: Term, term: Term | None) -> list[Any]:
    """The commands that a declared type lists and the source does not name: those of its
    last `else`."""
    if term is None or term.parent is not message or not message.models:
        return []
    named = {v for s in shapes for c in s.conditions if c.term is term for v in c.values}
    found = [v for d in message.models for v in named_values(d.annotation, term.key)]
    return [v for v in found if v not in named][:_MOST_VALUES]


def _members(shape: Shape, message: Term) -> Any:
    """The members of the message that the branch asks for, with what it compares them with."""
    asked: dict[Any, Any] = {}
    for condition in shape.conditions:
        if condition.operation == "model" and condition.holds:
            asked[condition.term.path] = condition.values
        elif condition.holds and condition.term.parent is message:
            known = asked.setdefault(condition.term.key, ())
            asked[condition.term.key] = condition.values if condition.operation == "is" else known
        elif condition.holds and condition.term is message and condition.operation in _FORMS:
            asked[None] = (condition.operation, *condition.values)
        elif condition.holds and condition.term.parent in message.of("split"):
            asked[_PIECES] = ()
    found = tuple((name, _key(values)) for name, values in asked.items())
    return found or None


_PIECES = object()
"""A text of which only pieces are asked for: a row, where commands are whole texts."""
_FORMS = frozenset({"is", "pattern", "prefix", "suffix", "infix"})
"""What a branch may ask of a message as a whole that is a command of its own."""


def _key(values: tuple[Any, ...]) -> Any:
    return tuple((type(value), value) for value in values)


def _saying(shape: Shape, condition: Condition, value: Any) -> Shape:
    one = replace(condition, values=(value,))
    return replace(shape, conditions=tuple(one if c is condition else c for c in shape.conditions))


def _telling(shapes: Sequence[Shape]) -> Term | None:
    """The term whose values tell most shapes apart, when it is asked for by half of them."""
    known: dict[Term, dict[Any, None]] = {}
    times: dict[Term, int] = {}
    asking = 0
    for shape in shapes:
        asking += bool(shape.conditions)
        for term in {c.term: None for c in shape.conditions if c.operation == "is"}:
            times[term] = times.get(term, 0) + 1
        for condition in shape.conditions:
            if condition.operation == "is":
                said = known.setdefault(condition.term, {})
                said.update(dict.fromkeys((type(v), v) for v in condition.values))
    best = max(known, key=lambda term: (len(known[term]) > 1, times[term]), default=None)
    return best if best is not None and 2 * times[best] >= asking else None


def _looked_up(shapes: Sequence[Shape]) -> frozenset[str]:
    """The keys of what a command can do nothing without, for the application looks it up."""
    full = [shapes[i] for i in _fullest(shapes)]
    asked = [
        {t.key for t in shape.reads if t.role == "field" and _is_known(t, shape)} for shape in full
    ]
    return frozenset(asked[0].intersection(*asked[1:])) if asked else frozenset()


def _is_known(term: Term, shape: Shape) -> bool:
    """The branch wants something that is known, or a declared type has a place for it."""
    if shape.avoids(term, "told") is not None:
        return False
    declared = any(c.operation == "model" and c.term is term.parent for c in shape.conditions)
    return (declared and term.told) or any(c.operation == "told" for c in shape.asked_of(term))


def _fullest(shapes: Sequence[Shape]) -> list[int]:
    """Those of which no other shape asks the same and more, or reads more with the same, but
    for what is refused."""
    # That two values are the same is no more than that they are not: both are tried.
    asked = [frozenset(c for c in s.conditions if c.operation != "same") for s in shapes]
    if len(shapes) > _MOST_COMPARED:
        return list(range(len(shapes)))
    served = [i for i, shape in enumerate(shapes) if not shape.refused]
    served = served or list(range(len(shapes)))
    both = [(asked[i], shapes[i].reads) for i in served]
    return [
        i
        for i, (one, reads) in zip(served, both, strict=True)
        if not any(_says_more(more, one) or (one == more and reads < all_) for more, all_ in both)
    ]


def _says_more(one: frozenset[Condition], other: frozenset[Condition]) -> bool:
    """It asks all that the other does and more, and not only of a part that may be left out."""
    if not other < one:
        return False
    more = one - other
    left_out = {c.term for c in more if c.operation == "present" and c.term.optional}
    return any(c.term not in left_out for c in more)


_MOST_COMPARED = 200
