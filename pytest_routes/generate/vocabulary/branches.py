"""The branches of the source: under which conditions on a message each place is reached.

While a branch is read its conditions are taken for granted; what is seen there is noted together
with them, by the message that they are about.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_routes.generate.vocabulary.terms import Condition, Term

_MOST_BRANCHES = 2000


@dataclass(slots=True, kw_only=True)
class Branches:
    """What has been seen in which branch, and the branch that is being read."""

    reads: dict[Term, dict[tuple[tuple[Condition, ...], Term], None]] = field(default_factory=dict)
    """By message: each part that is read, with the conditions on the message at that place."""
    branches: dict[Term, dict[tuple[Condition, ...], bool]] = field(default_factory=dict)
    """By message: the conditions under which something is done at all; False: nothing but to
    go on with a test."""
    doubted: dict[Term, dict[tuple[Condition, ...], None]] = field(default_factory=dict)
    """By message: the conditions that are the first part of a test behind which it is refused."""
    vain: dict[Term, dict[tuple[Condition, ...], None]] = field(default_factory=dict)
    """By message: the conditions under which it is refused."""
    needed: dict[Term, dict[tuple[tuple[Condition, ...], Term], None]] = field(default_factory=dict)
    """By message: the members without which it is refused, with the conditions at that place."""
    settings: dict[Term, dict[tuple[Condition, ...], frozenset[Condition]]] = field(
        default_factory=dict
    )
    """By message: what is asked of the handshake wherever a branch is entered."""
    has_parameters: bool = False
    """The source reads something of the handshake."""
    _conditions: list[Condition] = field(default_factory=list)
    _entered: list[int] = field(default_factory=list)
    """How many conditions there were when each function on the stack was entered."""
    _returning: list[list[tuple[Condition, ...]]] = field(default_factory=list)
    """What each function on the stack has asked where it returns, place by place."""
    _halves: list[tuple[Term, tuple[Condition, ...]]] = field(default_factory=list)
    """What stands behind the first parts of tests that were read."""
    _handled: list[type] = field(default_factory=list)
    """The exceptions that are handled around the place that is being read."""

    @contextmanager
    def under(self, conditions: Iterable[Condition], *, halfway: bool = False) -> Iterator[None]:
        """Read a branch that is taken only under these conditions; `halfway` is what stands
        behind `and`: nothing is done there yet."""
        before = len(self._conditions)
        self.insist(conditions, entered=not halfway)
        yield
        del self._conditions[before:]

    @contextmanager
    def handling(self, exceptions: Sequence[type]) -> Iterator[None]:
        """Read a block whose exceptions of these classes are handled."""
        before = len(self._handled)
        self._handled.extend(exceptions)
        yield
        del self._handled[before:]

    def handles(self, exceptions: Sequence[type]) -> bool:
        """All of the exceptions are handled around this place."""
        return bool(exceptions) and all(issubclass(e, tuple(self._handled)) for e in exceptions)

    def insist(self, conditions: Iterable[Condition], *, entered: bool = True) -> None:
        """Take the conditions for granted in what is left of the block."""
        added = [c for c in conditions if c not in self._conditions]
        self._conditions.extend(added)
        for root in dict.fromkeys(c.term.root for c in added):
            self.note_branch(root, entered=entered)

    def note_branch(self, root: Term, *more: Condition, entered: bool = True) -> None:
        """Remember the present conditions on a message as one way through the handler."""
        known = self.branches.setdefault(root, {})
        if len(known) < _MOST_BRANCHES:
            branch = (*self._asked(root), *more)
            known[branch] = entered or known.get(branch, False)
            if not entered:
                self._halves.append((root, branch))
            if self.has_parameters:
                setting = frozenset(c for c in self._conditions if c.term.key == "parameter")
                settings = self.settings.setdefault(root, {})
                settings[branch] = settings.get(branch, setting) & setting

    def note_refusal(self) -> None:
        """Remember that messages which satisfy the present conditions are refused."""
        for root in dict.fromkeys(c.term.root for c in self._conditions):
            self.vain.setdefault(root, {})[self._asked(root)] = None

    def halves(self) -> int:
        """How many first parts of tests have been read."""
        return len(self._halves)

    def note_doubted(self, before: int) -> None:
        """Remember that messages are refused for what was read since there were so many."""
        for root, branch in self._halves[before:]:
            self.doubted.setdefault(root, {})[branch] = None

    def note_needed(self, conditions: Iterable[Condition]) -> None:
        """Remember that messages are refused which do not satisfy these conditions."""
        for condition in conditions:
            term = condition.term
            there = condition.holds and condition.operation in ("present", "true")
            if there and term.role == "field":
                self.needed.setdefault(term.root, {})[self._asked(term.root), term] = None

    def _asked(self, root: Term) -> tuple[Condition, ...]:
        return tuple(c for c in self._conditions if c.term.root is root)

    @property
    def present(self) -> tuple[Condition, ...]:
        """The conditions under which the present place is reached."""
        return tuple(self._conditions)

    def is_asked(self, root: Term) -> bool:
        """The present branch depends on this message."""
        return any(c.term.root is root and c.holds for c in self._conditions)

    def is_known(self, condition: Condition) -> bool:
        """The condition holds in the present branch."""
        return condition in self._conditions

    def since_entry(self) -> tuple[Condition, ...]:
        """What the function that is being read has asked on the way to this place."""
        return tuple(self._conditions[self._entered[-1] :]) if self._entered else ()

    def note_return(self) -> None:
        """Remember what the function that is being read has asked before it returns here."""
        if self._returning:
            self._returning[-1].append(self.since_entry())

    def read(self, term: Term) -> Part:
        """Remember that a part of a message is read here."""
        known = self.reads.setdefault(term.root, {})
        known[self._asked(term.root), term] = None
        return Part(term)
