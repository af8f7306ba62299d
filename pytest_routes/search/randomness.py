"""The `random` of the application under test."""

from __future__ import annotations

import random


class seeded:  # noqa: N801  # reads like the context managers of contextlib
    """While entered, the application's `random` goes on from a seed; then as before."""

    __slots__ = ("_seed", "_state")

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __enter__(self) -> None:
        # Hypothesis warns of strategies that use `random`; here it is the application that does.
        self._state = random.getstate()
        random.seed(self._seed)

    def __exit__(self, *_: object) -> None:
        random.setstate(self._state)
