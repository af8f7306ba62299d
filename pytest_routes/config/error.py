"""The one error of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ConfigError(Exception):
    """The configuration is wrong; `mistakes` has one sentence for each thing that is."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(*mistakes)
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return "\n".join(self.mistakes)
