"""Reading the application's source: which functions, in which order, under which conditions.

The reader follows a message through the source as an interpreter would, with terms in the
place of values: into the functions of the application that it is passed to, through its
dispatch tables, along every branch at once. What it sees is noted in the terms, and in which
branch it was seen in `branches.py`. It never imports or executes anything: names are looked up
in the namespaces of functions that exist already, and objects found there are only looked at.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from types import FunctionType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.branches import Branches
from pytest_routes.generate.vocabulary.connection import Kept
from pytest_routes.generate.vocabulary.cursors import holds_bytes
from pytest_routes.generate.vocabulary.equals import known_equal
from pytest_routes.generate.vocabulary.exits import asked_anyway, insists
from pytest_routes.generate.vocabulary.expressions import EXPRESSIONS
from pytest_routes.generate.vocabulary.given import settled
from pytest_routes.generate.vocabulary.objects import (
    annotations_of,
    class_attribute,
    registered_types,
    underlying,
)
from pytest_routes.generate.vocabulary.parameters import NO_ARGUMENTS, bind, is_data_model
from pytest_routes.generate.vocabulary.source import changing, definition
from pytest_routes.generate.vocabulary.statements import STATEMENTS
from pytest_routes.generate.vocabulary.terms import Condition, Frame, Site, Term
from pytest_routes.generate.vocabulary.unions import is_known_to_be
from pytest_routes.generate.vocabulary.validators import read_validators
from pytest_routes.generate.vocabulary.values import (
    Atom,
    Bound,
    Event,
    Guarded,
    Instance,
    Live,
    Local,
    Part,
    Receive,
    Scope,
    Socket,
    Table,
    Value,
    merged,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.vocabulary.computing import Steps
    from pytest_routes.generate.vocabulary.equals import Place
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.source import Territory
    from pytest_routes.generate.vocabulary.terms import Location

_MOST_FUNCTIONS = 600
_MOST_NESTED = 12
_SPEAKS = (Socket, Receive, Event)


@dataclass(slots=True)
class Reader(Branches):
    """What is known while the source of one handler is read."""

    territory: Territory
    sites: dict[Any, Site] = field(default_factory=dict)
    conversions: dict[Term, dict[tuple[Condition, ...], None]] = field(default_factory=dict)
    """By message: the conditions under which it is converted to a type, and that type."""
    subprotocols: dict[str, None] = field(default_factory=dict)
    negotiates: bool = False
    """A subprotocol is accepted, whether or not its name can be read."""
    parameters: dict[tuple[str, Location | None], Term] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    words: dict[Any, None] = field(default_factory=dict)
    equals: dict[tuple[Scope, Place], Condition] = field(default_factory=dict)
    """Expressions that are what a message says where the condition holds."""
    kept: Kept = field(default_factory=Kept)
    loops: int = 0
    _stack: list[Any] = field(default_factory=list)
    _calls: list[int] = field(default_factory=list)
    _changing: list[frozenset[tuple[str, str]]] = field(default_factory=list)
    """What the files of the functions on the stack count up or down."""
    _results: dict[Any, Value] = field(default_factory=dict)
    _instances: dict[int, Instance] = field(default_factory=dict)
    _cursors: dict[Any, Term] = field(default_factory=dict)
    _tables: dict[int, Table] = field(default_factory=dict)
    _insisted: list[list[Condition]] = field(default_factory=list)
    """What each function on the stack raises an exception without."""
    _insisted_by: dict[Any, tuple[Condition, ...]] = field(default_factory=dict)
    _functions_read: int = 0

    # Syntax.

    def evaluate(self, node: ast.expr | None, scope: Scope) -> Value:
        """What an expression stands for; everything in it is taken notice of."""
        if node is None:
            return ()
        same = known_equal(self, node, scope) if self.equals else ()
        if same:
            return same
        known = EXPRESSIONS.get(type(node))
        if known is not None:
            return known(self, node, scope)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.evaluate(child, scope)
        return ()

    def execute(
        self,
        body: Sequence[ast.stmt],
        scope: Scope,
        keeping: Callable[[ast.stmt], bool] | None = None,
    ) -> list[Condition]:
        """Read a block; what an early exit implies holds for the statements behind it. Returns
        what the exits that are to be kept imply."""
        before = len(self._conditions)
        kept = self._execute(body, scope, keeping)
        del self._conditions[before:]
        return kept

    def attempt(self, body: Sequence[ast.stmt], scope: Scope) -> tuple[Condition, ...]:
        """Read a block; returns what holds behind it when no exception was raised."""
        before = len(self._conditions)
        self._execute(body, scope)
        held = tuple(self._conditions[before:])
        del self._conditions[before:]
        return held

    def _execute(
        self,
        body: Sequence[ast.stmt],
        scope: Scope,
        keeping: Callable[[ast.stmt], bool] | None = None,
    ) -> list[Condition]:
        kept: list[Condition] = []
        for statement in body:
            known = STATEMENTS.get(type(statement))
            implied = known(self, statement, scope) if known is not None else None
            if implied:
                self.insist(implied)
                kept += implied if keeping is not None and keeping(statement) else ()
                if self._is_outermost(body) and insists(statement):
                    self._insisted[-1] += implied
        return kept

    def _is_outermost(self, body: Sequence[ast.stmt]) -> bool:
        """The block is the body of the function that is being read."""
        return bool(self._stack) and getattr(self._stack[-1], "body", None) is body

    @property
    def body(self) -> Sequence[ast.stmt]:
        """That of the function that is being read."""
        body = getattr(self._stack[-1], "body", ()) if self._stack else ()
        return body if isinstance(body, list) else ()

    # Messages.

    def site(self, node: ast.AST, frame: Frame, *, repeated: bool | None = None) -> Term:
        """The message that is taken at this place of the source."""
        key = (id(node), frame, tuple(self._calls))
        if key not in self.sites:
            again = self.loops > 0 if repeated is None else repeated
            self.sites[key] = Site(Term("message", frame), frame, again)
        return self.sites[key].term

    def event(self, node: ast.AST) -> Event:
        """The raw event that is received at this place."""
        return Event((id(node), tuple(self._calls)), self.loops > 0)

    def event_site(self, event: Event, frame: Frame) -> Term:
        """The message of an event, once the source asks for it."""
        key = (event.place, frame)
        if key not in self.sites:
            self.sites[key] = Site(Term("message", frame), frame, event.repeated)
        return self.sites[key].term

    def parameter(self, name: str, location: Location | None) -> Part:
        """A parameter of the handshake."""
        self.has_parameters = True
        known = self.parameters.setdefault((name, location), Term("message", "parameter"))
        return Part(known)

    def added_to(self, table: Any) -> Table:
        """What the source puts into a dict of the running application."""
        known = self._tables.get(id(table))
        if known is None:
            known = self._tables[id(table)] = Table(())
        return known

    def cursor(
        self,
        term: Term,
        node: ast.AST,
        width: int | None,
        counter: Term | None,
        steps: Steps = (),
    ) -> Part:
        """What this place of the source reads of bytes after what was read before."""
        place = (term, id(node), tuple(self._calls))
        known = self._cursors.get(place)
        if known is None:
            number = len(term.of("cursor"))
            known = self._cursors[place] = term.child("cursor", (number, width, counter, steps))
            known.use("bytes")
        return self.read(known)

    def declare(self, term: Term, annotation: Any) -> Part:
        """Remember that a value is converted to a type, in this branch or always."""
        known_before = any(each.annotation is annotation for each in term.declared)
        declared = term.declare(annotation)
        if not known_before:
            read_validators(self, term, annotation)
        if is_known_to_be(term, declared, self._conditions):
            return Part(term)
        if self.is_asked(term.root):
            condition = Condition(term, "model", (declared,))
            self.note_branch(term.root, condition)
            known = self.conversions.setdefault(term.root, {})
            known[*self._asked(term.root), condition] = None
        elif declared not in term.models:
            term.models.append(declared)
        return Part(term)

    def changes(self, kind: str, name: Any) -> bool:
        """The file that is being read counts it up or down."""
        return bool(self._changing) and (kind, name) in self._changing[-1]

    # Functions.

    def owns(self, thing: Any) -> bool:
        """A function or class of the application itself."""
        if isinstance(thing, FunctionType):
            return self.territory.owns_function(thing)
        return isinstance(thing, type) and self.territory.owns_class(thing)

    def instance_of(self, thing: Any) -> Instance:
        """A live object of one of the application's classes."""
        known = self._instances.get(id(thing))
        if known is None:
            known = self._instances[id(thing)] = Instance(type(thing), live=thing)
        return known

    def call(self, atom: Atom, arguments: Arguments, node: ast.AST | None = None) -> Value:
        """Read a function of the application with these arguments; what it returns."""
        if isinstance(atom, Guarded):
            with self.under((atom.condition,)):
                return self.call(atom.value, arguments, node)
        if isinstance(atom, Bound):
            return self.call(atom.function, arguments.after(*atom.arguments), node)
        if isinstance(atom, Local):
            return self._read_function(
                atom.node, Scope(atom.scope.globals, outer=atom.scope), {}, arguments, node
            )
        if isinstance(atom, Live):
            registered = registered_types(atom.object)
            if registered:
                return self._dispatch(registered, arguments, node)
            function = underlying(atom.object)
            if function is None or not self.owns(function):
                return ()
            tree = definition(function)
            if tree is None:
                return ()
            scope = Scope(function.__globals__, outer=_closure(function))
            self._changing.append(changing(function))
            found = self._read_function(tree, scope, annotations_of(function), arguments, node)
            self._changing.pop()
            return found
        return ()

    def _dispatch(
        self, registered: Sequence[tuple[type, Any]], arguments: Arguments, node: ast.AST | None
    ) -> Value:
        """Read the functions that are registered for the types that a message may have."""
        terms = [a.term for value in arguments.positional[:2] for a in value if isinstance(a, Part)]
        found: list[Value] = []
        for cls, function in registered:
            if terms and is_data_model(cls):
                condition = Condition(terms[0], "model", (terms[0].declare(cls),))
                with self.under((condition,)):
                    found.append(self.call(Live(function), arguments, node))
        return merged(found)

    def make(self, atom: Atom) -> Value:
        """What a class, or a function without arguments of its own, makes."""
        if isinstance(atom, Live) and isinstance(atom.object, type):
            if not self.owns(atom.object) or is_data_model(atom.object):
                return ()
            instance = Instance(atom.object)
            method = class_attribute(atom.object, "__init__")
            if isinstance(method, FunctionType):
                self.call(Bound(Live(method), ((instance,),)), NO_ARGUMENTS)
            return (instance,)
        return self.call(atom, NO_ARGUMENTS)

    def _read_function(
        self,
        tree: Any,
        scope: Scope,
        annotations: Any,
        arguments: Arguments,
        node: ast.AST | None,
    ) -> Value:
        if self._stack.count(tree) > 1 or len(self._stack) >= _MOST_NESTED:
            return ()
        speaks = any(isinstance(atom, _SPEAKS) for atom in arguments.atoms())
        speaks = speaks or holds_bytes(arguments)
        key = (
            id(tree),
            arguments.identity(),
            tuple(self._conditions),
            (*tuple(self._calls), id(node)) if speaks else None,
            self.loops > 0,
        )
        if key in self._results:
            self.insist(self._insisted_by.get(key, ()))
            return self._results[key]
        if self._functions_read >= _MOST_FUNCTIONS:
            return ()
        self._functions_read += 1
        self._results[key] = ()
        bind(self, tree, scope, arguments, annotations)
        self._stack.append(tree)
        self._calls.append(id(node))
        self._entered.append(len(self._conditions))
        self._insisted.append([])
        self._returning.append([])
        body = [ast.Return(tree.body)] if isinstance(tree, ast.Lambda) else tree.body
        self.execute(body, scope)
        del self._conditions[self._entered.pop() :]
        self._calls.pop()
        self._stack.pop()
        self._results[key] = settled(scope.returned, body)
        returning = asked_anyway(body, self._returning.pop())
        self._insisted_by[key] = (*self._insisted.pop(), *returning)
        # What holds behind the call, for it would have raised an exception otherwise.
        self.insist(self._insisted_by[key])
        return self._results[key]


def _closure(function: FunctionType) -> Scope | None:
    cells = function.__closure__
    if not cells:
        return None
    names: dict[str, Value] = {}
    for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
        try:
            names[name] = (Live(cell.cell_contents),)
        except ValueError:  # not filled yet
            continue
    return Scope(function.__globals__, names)
