"""What an option is beside its type, bounds and default: its flag, its help, its reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler


@dataclass(frozen=True, slots=True)
class Option:
    """Stands in the `Annotated` type of a field of the configuration."""

    help: str
    flag: str = ""
    """Empty: the option has no flag of its own."""
    metavar: str = ""
    repeatable: bool = False
    """The flag may be given several times; its values add up."""
    several: bool = False
    """The flag takes several words: `--routes-replay FILE FILE`."""
    per_route: bool = False
    """An override may set it."""
    secret: bool = False
    """Its value is never shown."""
    unset: str = "none"
    """How an empty value reads in tables: `all` for globs, `random` for the seed."""

    noun: str = "text"
    """What a value is, in words, where its type does not say."""

    def __get_pydantic_json_schema__(
        self, core_schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core_schema), "description": self.help}
