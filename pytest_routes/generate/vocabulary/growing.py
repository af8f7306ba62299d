"""Dicts that the application puts more into while it runs: rooms, boards, users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.terms import Condition, Term, remember
from pytest_routes.generate.vocabulary.values import Live, Table, Value, constants, is_known

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.comparisons import Sides
    from pytest_routes.generate.vocabulary.reader import Reader


def grows(reader: Reader, value: Value) -> bool:
    """Something is put into it under keys that the source does not tell."""
    tables = [_added(reader, atom) for atom in value]
    return any(not is_known(key) for table in tables if table for key, _ in table.added)


def _added(reader: Reader, atom: Any) -> Table | None:
    if isinstance(atom, Live) and type(atom.object) is dict:
        return reader.added_to(atom.object)
    return atom if isinstance(atom, Table) else None


def there_from_the_first(value: Value) -> list[Any]:
    """The names that are in it whatever is said: not those that are counted."""
    found: list[Any] = []
    for atom in value:
        keys = [k for k, _ in atom.entries] if isinstance(atom, Table) else [(atom,)]
        remember(found, [each for key in keys if is_known(key) for each in constants(key)])
    return found


def known_or_told(term: Term, values: list[Any]) -> Sides:
    """One of the names that are there from the first, or one that was given since."""
    term.told = True
    remember(term.values, values)
    condition = Condition(term, "told", tuple(values))
    return [condition], [condition.negated()]
