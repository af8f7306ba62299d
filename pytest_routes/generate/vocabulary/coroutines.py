"""Generators that take messages: `message = yield answer`, `conversation.send(message)`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import Display, Part, Scope, Value, merged, parts

if TYPE_CHECKING:
    import ast
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader

_SENT = "what is sent"
"""The name, no identifier, under which a scope has what `yield` gives."""


@dataclass(slots=True, eq=False)
class Suspended:
    """A generator that waits for what is sent to it."""

    body: Sequence[ast.stmt]
    scope: Scope
    running: bool = False


def yielded(reader: Reader, node: Any, scope: Scope, *, taken: bool = True) -> Value:
    """A generator returns something whose items are what it yields; `taken`: something is done
    with what it gets in return."""
    value = reader.evaluate(node.value, scope)
    scope.returned.extend(whole_of(value) or (Display((value,)),))
    if not taken:
        return ()
    inner: Scope | None = scope
    while inner is not None:
        if _SENT in inner.names:
            return inner.names[_SENT]
        inner = inner.outer
    body = reader.body
    if body and not any(isinstance(atom, Suspended) for atom in scope.returned):
        scope.returned.append(Suspended(body, scope))
    return ()


def whole_of(element: Value) -> Value:
    """What a generator goes through whose items are, one by one, the pieces of a text."""
    terms = parts(element)
    if len(element) != 1 or not terms or terms[0].role != "item" or terms[0].parent is None:
        return ()
    return (Part(terms[0].parent),)


def of_suspended(reader: Reader, atom: Suspended, name: str, arguments: Arguments) -> Value | None:
    """What a generator answers to what it is sent."""
    if name not in ("send", "asend") or atom.running:
        return ()
    scope = Scope(atom.scope.globals, outer=atom.scope, instance=atom.scope.instance)
    scope.names[_SENT] = arguments.named("", 0)
    atom.running = True
    reader.execute(atom.body, scope)
    atom.running = False
    answers = [each for each in scope.returned if isinstance(each, Display)]
    return merged(item for answer in answers for item in answer.items)
