"""The values that a client gives to reach a route: in the path, the query, headers and cookies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import quote

from pytest_routes.generate import nasty
from pytest_routes.generate.choices import Choices, chance, pick
from pytest_routes.generate.schema import UnsatisfiableSchema, Values, maker_for
from pytest_routes.generate.schema.document import Document
from pytest_routes.generate.schema.nodes import (
    Checked,
    Drawn,
    Node,
    Nothing,
    Plain,
    Preferred,
    Run,
    settle,
)
from pytest_routes.generate.schema.patterns import pattern_node
from pytest_routes.generate.schema.scalars import WORDS, distinct, number_node
from pytest_routes.generate.schema.validation import Validator
from pytest_routes.generate.wire import LEGAL, Texts, texts_of

if TYPE_CHECKING:
    from pytest_routes.routes.model import Location, Parameter, Route


class Range(Protocol):
    """All numbers from `min` to `max`, both included; whole numbers when both are."""

    @property
    def min(self) -> float: ...
    @property
    def max(self) -> float: ...


Configured: TypeAlias = "Mapping[str, Sequence[str] | Range]"
"""By a parameter's name, the texts to choose from, or a range of numbers."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a client asks for."""

    path: str
    """Percent-encoded, without the query."""
    query: tuple[tuple[str, str], ...] = ()
    """Not yet percent-encoded."""
    headers: tuple[tuple[str, str], ...] = ()
    """Cookies are one header (RFC 6265, 5.4)."""


# A server writes these itself, or a body or subprotocol decides them.
_NOT_OURS = frozenset(
    {"host", "connection", "upgrade", "content-length", "content-type", "transfer-encoding",
     "sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol",
     "sec-websocket-extensions"}
)  # fmt: skip
# Frameworks whose routes declare what they read in the query.
_DECLARING = frozenset({"fastapi", "litestar"})
_SUBSETS = 5
_KNOWN = 3
"""How often a parameter of a WebSocket has a value that the source knows, for once that it has any
other: with those most applications refuse the connection, and nothing can be said."""


def target_maker(
    route: Route,
    configured: Configured | None = None,
    *,
    known: Mapping[str, Sequence[Any]] | None = None,
    broken_one_in: int = 0,
) -> Callable[[Choices], Target]:
    """Draws what a client asks for to reach a route.

    `configured` decides the values of the parameters that it names, `known` has values for
    parameters by name that are worth trying. One target in `broken_one_in` (0: none) lacks a
    parameter, or has one of the wrong type: an HTTP route has to refuse it politely, and a
    WebSocket route would refuse the connection, which tests little.

    Raises UnsatisfiableSchema, with the parameter's name, when it can have no value.
    """
    return _Targets(route, configured or {}, known or {}, broken_one_in)


class _Targets:
    def __init__(
        self,
        route: Route,
        configured: Configured,
        known: Mapping[str, Sequence[Any]],
        broken_one_in: int,
    ) -> None:
        self._broken_one_in = broken_one_in
        given = _by_name(configured)
        wanted = [p for p in route.parameters if p.location != "header" or _is_ours(p.name)]
        self._always: list[_Value] = []
        optional: list[_Value] = []
        for parameter in wanted:
            value = _Value(parameter, route, given.get(_key(parameter)), known)
            decided = parameter.required or _key(parameter) in given
            (self._always if decided else optional).append(value)
        self._optional = [optional[i : i + _SUBSETS] for i in range(0, len(optional), _SUBSETS)]
        if route.framework not in _DECLARING:
            declared = {name.lower() for name in _placeholders(route)} | {
                parameter.name.lower() for parameter in wanted
            }
            self._always += [
                _Value(_undeclared(name), route, values, known)
                for name, values in configured.items()
                if name.lower() not in declared
            ]
        self._parts = _PLACEHOLDER.split(_template(route))

    def __call__(self, choices: Choices) -> Target:
        chosen = [*self._always]
        for group in self._optional:
            # All of them together is what many clients send.
            subset = min(choices.index(3 << len(group) >> 1), (1 << len(group)) - 1)
            chosen += [value for i, value in enumerate(group) if subset >> i & 1]
        found = [(value, value.texts(choices)) for value in chosen]
        if self._broken_one_in and found and chance(choices, self._broken_one_in):
            found = _broken(found, choices)
        return self._target(found)

    def _target(self, found: Sequence[tuple[_Value, Texts]]) -> Target:
        by_location: dict[Location, list[tuple[str, str]]] = {
            "path": [], "query": [], "header": [], "cookie": [],
        }  # fmt: skip
        for value, texts in found:
            by_location[value.location] += [(value.name, text) for text in texts]
        cookies = "; ".join(f"{name}={text}" for name, text in by_location["cookie"])
        return Target(
            path=self._path(dict(by_location["path"])),
            query=tuple(by_location["query"]),
            headers=(*by_location["header"], *([("cookie", cookies)] if cookies else ())),
        )

    def _path(self, values: Mapping[str, str]) -> str:
        # The split leaves a literal at each even place, and a placeholder's name at each odd.
        return "".join(
            quote(values.get(part, "1"), safe="/~") if place % 2 else quote(part, safe=_IN_PATH)
            for place, part in enumerate(self._parts)
        )


_PLACEHOLDER = re.compile(r"\{(\w+)(?::[^{}]*)?\}")
_IN_PATH = "/~:@!$&'()*+,;="


def _template(route: Route) -> str:
    return route.template or route.path


def _placeholders(route: Route) -> list[str]:
    return _PLACEHOLDER.findall(_template(route))


def _by_name(configured: Configured) -> dict[tuple[bool, str], Sequence[str] | Range]:
    """Headers are found without regard to case."""
    exact = {(False, name): values for name, values in configured.items()}
    return exact | {(True, name.lower()): values for name, values in configured.items()}


def _key(parameter: Parameter) -> tuple[bool, str]:
    is_header = parameter.location == "header"
    return is_header, parameter.name.lower() if is_header else parameter.name


def _is_ours(name: str) -> bool:
    return name.lower() not in _NOT_OURS


def _undeclared(name: str) -> Parameter:
    from pytest_routes.routes.model import Parameter

    return Parameter(name=name, location="query")


class _Value:
    """The texts of one parameter: mostly one, several for a list in the query."""

    def __init__(
        self,
        parameter: Parameter,
        route: Route,
        configured: Sequence[str] | Range | None,
        known: Mapping[str, Sequence[Any]],
    ) -> None:
        self.name = parameter.name
        self.location: Location = parameter.location
        self.required = parameter.required
        self.configured = configured is not None
        self.multi_segment = parameter.multi_segment
        if configured is not None:
            self._node = _configured_node(configured)
            return
        try:
            self._node = self._declared_node(parameter, route, known.get(parameter.name, ()))
        except UnsatisfiableSchema as error:
            raise UnsatisfiableSchema(
                f"{route.id}: the {parameter.location} parameter {parameter.name} "
                f"can have no value: {error}"
            ) from None

    def texts(self, choices: Choices) -> Texts:
        texts: Texts = self._node.make(Run(choices), 1)
        return texts

    def is_legal(self, texts: Texts) -> bool:
        if not texts and (self.required or self.location == "path"):
            return False
        legal = LEGAL["segments" if self.multi_segment else self.location]
        return all(map(legal, texts))

    def _declared_node(self, parameter: Parameter, route: Route, known: Sequence[Any]) -> Node:
        pattern = re.compile(parameter.pattern) if parameter.pattern is not None else None

        def fits(texts: Texts) -> bool:
            return self.is_legal(texts) and (
                pattern is None or all(pattern.fullmatch(text) is not None for text in texts)
            )

        values = maker_for(
            parameter.annotation, prefer="msgspec" if route.framework == "litestar" else None
        )
        possible = _of_type(known, values.schema)
        # Of values that the type lists one is as good as another, whichever the source names.
        possible = [] if _is_listed(values.schema) else possible
        worth_trying = [texts for texts in map(texts_of, possible) if texts and fits(texts)]
        times = _KNOWN if route.kind == "websocket" else 1
        for node in self._candidates(parameter, values):
            checked = Checked(node, fits, f"none was found that a {self.location} can carry")
            nodes = [*([node.node] if isinstance(node, Checked) else []), node, checked]
            settle(nodes, 1)
            if not checked.dead:
                return (
                    Preferred(worth_trying[:24], checked, times=times) if worth_trying else checked
                )
        raise UnsatisfiableSchema("none was found that could be sent")

    def _candidates(self, parameter: Parameter, values: Values) -> Sequence[Node]:
        """Where texts may come from, the best first."""
        found: list[Node] = []
        if _is_free_text(values.schema):
            found.append(_words(multi_segment=self.multi_segment))
        else:
            found.append(_texts_node(values))
        if parameter.pattern is not None:
            by_pattern = pattern_node(parameter.pattern, whole=True)
            if not isinstance(by_pattern, Nothing):
                # The type may be anything that the user's converter makes of the text.
                found.insert(0 if _is_free_text(values.schema) else 1, _each(by_pattern))
        return found


def _of_type(known: Sequence[Any], schema: Any) -> list[Any]:
    """Those that the declared type takes, of values that the source compares with."""
    if _is_free_text(schema):
        return list(known)
    problem = Validator(Document(schema)).problem
    return [value for value in known if problem(value) is None or problem([value]) is None]


def _is_listed(schema: Any) -> bool:
    """The type is a list of values: an enumeration, a `Literal`."""
    if not isinstance(schema, Mapping):
        return False
    reference = schema.get("$ref")
    found = Document(schema).find(reference) if isinstance(reference, str) else schema
    return isinstance(found, Mapping) and "enum" in found


def _texts_node(values: Values) -> Node:
    return Drawn(lambda choices: texts_of(values(choices)))


def _each(node: Node) -> Node:
    settle([*([node.node] if isinstance(node, Checked) else []), node], 1)
    return Drawn(lambda choices: (node.make(Run(choices), 1),))


def _is_free_text(schema: Any) -> bool:
    """Whether any text will do."""
    if not isinstance(schema, Mapping):
        return bool(schema)
    return {key for key in schema if key != "title"} <= {"type"} and schema.get("type") in (
        "string",
        None,
    )


# The same few names come often, so that clients meet in one room.
_SEGMENTS = ("a",) * 6 + ("b",) * 4 + ("1",) * 4 + ("c", "2") * 2 + WORDS
_PATHS = ("a",) * 3 + ("a/b",) * 3 + ("a.txt", "b", "a/b/c.txt", "dir/", "1/2", *WORDS)


def _words(*, multi_segment: bool) -> Node:
    usual = _PATHS if multi_segment else _SEGMENTS
    odd = [(text,) for text in distinct((*nasty.STRINGS, *nasty.KEYS))]
    return Plain([(text,) for text in usual][:56], odd)


def _configured_node(configured: Sequence[str] | Range) -> Node:
    if isinstance(configured, Sequence):
        return Plain([(text,) for text in configured], ())
    whole = isinstance(configured.min, int) and isinstance(configured.max, int)
    numbers = number_node({"minimum": configured.min, "maximum": configured.max}, whole=whole)
    return Drawn(lambda choices: texts_of(numbers.make(Run(choices), 1)))


_WRONG = (
    "", "a", "null", "-1", "0", "1.5", "NaN", "true", "[]", "9223372036854775808", "1e400",
    "2024-13-45", "\x00", "é", " ", "a" * 300, "0x10", "１", "1_000", "undefined", "{}",
)  # fmt: skip


def _broken(found: list[tuple[_Value, Texts]], choices: Choices) -> list[tuple[_Value, Texts]]:
    """One parameter missing, twice, or of another type.

    Not one of the path: with another there the route would not be reached.
    """
    free = [
        place
        for place, (value, _) in enumerate(found)
        if not value.configured and value.location != "path"
    ]
    if not free:
        return found
    place = pick(choices, free)
    value, texts = found[place]
    way = choices.index(6)
    if way == 0:
        return [*found[:place], *found[place + 1 :]]
    if way == 1 and value.location == "query":
        return [*found[: place + 1], (value, texts), *found[place + 1 :]]
    wrong = (pick(choices, _WRONG),)
    right = LEGAL[value.location](wrong[0])
    return [*found[:place], (value, wrong if right else texts), *found[place + 1 :]]
