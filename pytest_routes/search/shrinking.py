"""Makes a sequence of choices shorter and simpler, as long as it still shows a finding.

A sequence is a list of steps, and a step a list of small numbers, of which 0 is the simplest.
What is tried, always in the same order:

- leave out steps, many at once first;
- within a step, leave out numbers;
- lower a number: to 0, else to the smallest that a bisection reaches, each also with some of the
  numbers behind it left out, for a number may say how many of them follow; else by one, with the
  numbers behind it raised, for it may be their high digit.

Every sequence is played before it is judged, and what counts is what was really chosen in it.
The steps are kept apart: what changes in one does not give the numbers of the next another
meaning. There are no times and nothing random in here, so that every machine ends at the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.choices import HIGHEST, KnownChoices, OnlyDrawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_routes.checks.finding import Finding
    from pytest_routes.generate.choices import Made

_BEHIND = (0, 1, 2, 4)
"""How many of the numbers behind a lowered one are left out."""
_DIGITS = 4
"""How many digits the numbers have that matter, at most."""


class Shrinker:
    """Holds the best sequence so far.

    `play` runs the conversation that given choices make, and returns the finding if it shows;
    `enough` is asked before each try.
    """

    def __init__(
        self,
        made: Made,
        play: Callable[[KnownChoices], Finding | None],
        enough: Callable[[], bool],
    ) -> None:
        self.best: Finding | None = None
        self.made = made
        self._play = play
        self._enough = enough
        self._tried: set[Made] = set()

    def run(self) -> Finding | None:
        """The finding of the simplest sequence; None when not even the given one shows it."""
        if not self._is_shown(self.made):
            return None
        passes = (self._fewer_steps, self._fewer_numbers, self._lower_numbers)
        try:
            progress = True
            while progress:
                before = self.made
                for each in passes:
                    each()
                progress = self.made != before
        except _Enough:
            pass
        return self.best

    def _fewer_steps(self) -> None:
        size = len(self.made) // 2
        while size:
            start = len(self.made) - size
            while start >= 0:
                self._try(self.made[:start] + self.made[start + size :])
                start = min(start - max(1, size // 2), len(self.made) - size)
            size //= 2

    def _fewer_numbers(self) -> None:
        for size in (8, 4, 2, 1):
            for step in self._steps():
                start = len(self._step(step)) - size
                while start >= 0:
                    numbers = self._step(step)
                    if start + size <= len(numbers):
                        self._try_step(step, numbers[:start] + numbers[start + size :])
                    start -= 1

    def _lower_numbers(self) -> None:
        for step in self._steps():
            position = 0
            while position < len(self._step(step)):
                self._lower(step, position)
                position += 1

    def _lower(self, step: int, position: int) -> None:
        number = self._step(step)[position]
        if number == 0 or self._lowered(step, position, 0):
            return
        low, high = 0, number
        while high - low > 1:
            middle = (low + high) // 2
            if self._lowered(step, position, middle):
                numbers = self._step(step)
                if position >= len(numbers):
                    return
                high = min(middle, numbers[position])
            else:
                low = middle
        for smaller in range(1, min(high, 4)):
            if self._lowered(step, position, smaller):
                return
        self._borrow(step, position)

    def _borrow(self, step: int, position: int) -> None:
        """The number may be the high digit of a larger one: one less, with the others at most."""
        numbers = self._step(step)
        if position >= len(numbers) or numbers[position] == 0:
            return
        for digits in range(1, min(_DIGITS, len(numbers) - position)):
            behind = position + 1 + digits
            lowered = (*numbers[:position], numbers[position] - 1, *(HIGHEST,) * digits)
            if self._try_step(step, lowered + numbers[behind:]):
                return

    def _lowered(self, step: int, position: int, number: int) -> bool:
        numbers = self._step(step)
        for behind in _BEHIND:
            if position + behind >= len(numbers):
                break
            rest = numbers[position + 1 + behind :]
            if self._try_step(step, (*numbers[:position], number, *rest)):
                return True
        return False

    def _steps(self) -> Iterable[int]:
        """The steps, the last one first."""
        return reversed(range(len(self.made)))

    def _step(self, step: int) -> tuple[int, ...]:
        """Its numbers; none when there have become fewer steps meanwhile."""
        return self.made[step] if step < len(self.made) else ()

    def _try_step(self, step: int, numbers: tuple[int, ...]) -> bool:
        return self._try((*self.made[:step], numbers, *self.made[step + 1 :]))

    def _try(self, made: Made) -> bool:
        if made in self._tried or self._order(made) >= self._order(self.made):
            return False
        if self._enough():
            raise _Enough
        return self._is_shown(made)

    def _is_shown(self, made: Made) -> bool:
        self._tried.add(made)
        choices = KnownChoices(made)
        try:
            finding = self._play(choices)
        except OnlyDrawn:
            return False
        really = choices.made
        if finding is None or (
            self.best is not None and self._order(really) >= self._order(self.made)
        ):
            return False
        self.made, self.best = really, finding
        return True

    @staticmethod
    def _order(made: Made) -> tuple[int, int, Made]:
        return len(made), sum(map(len, made)), made


class _Enough(Exception):
    """No more tries."""
