"""Values of the types that an application declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_routes.generate.choices import Choices


def maker_of(
    annotation: Any, asked: Mapping[str, Sequence[Any]] | None = None
) -> Callable[[Choices], Any] | None:
    """Makes JSON values that satisfy the type; None for a type of which no value can be made,
    which then says nothing about messages.

    `asked` has values for members by name: of a union, only the variants that allow one of
    them are made.
    """
    from pytest_routes.generate.schema import UnsatisfiableSchema, maker_for
    from pytest_routes.generate.schema.values import maker_for_schema

    try:
        made = maker_for(annotation)
        variants = list(_variants(made.schema, made.schema))
        fitting = [v for v in variants if _allows(made.schema, v, asked or {})]
        if 0 < len(fitting) < len(variants):
            definitions = made.schema.get("$defs", {})  # type: ignore[union-attr]
            return maker_for_schema({"anyOf": fitting, "$defs": definitions})
        return made
    except (UnsatisfiableSchema, TypeError):
        return None


def named_values(annotation: Any, key: str) -> list[Any]:
    """The values that a declared type lists for a member: those of a Literal or an Enum."""
    from pytest_routes.generate.schema.annotations import schema_of

    schema = schema_of(annotation)
    found: dict[Any, Any] = {}
    for variant in _variants(schema, schema):
        for value in _listed(schema, variant, key) or ():
            if value is None or isinstance(value, (str, int, float)):
                found[type(value), value] = value
    return list(found.values())


def open_members(annotation: Any) -> frozenset[str]:
    """The members that a declared type takes as objects without saying what is in them."""
    from pytest_routes.generate.schema.annotations import schema_of

    schema = schema_of(annotation)
    found = set()
    for variant in _variants(schema, schema):
        for name, member in _followed(schema, variant).get("properties", {}).items():
            kinds = [_followed(schema, kind) for kind in _variants(schema, member)]
            if not any("properties" in kind for kind in kinds):
                found.add(name)
    return frozenset(found)


def enclosed_members(annotation: Any) -> list[str]:
    """The members of a declared type that are objects of a type of their own, or left out."""
    from pytest_routes.generate.schema.annotations import schema_of

    schema = schema_of(annotation)
    variants = list(_variants(schema, schema))
    if len(variants) != 1:
        return []
    (whole,) = (_followed(schema, variant) for variant in variants)
    left_out = set(whole.get("properties", {})).difference(whole.get("required", ()))
    return [
        name
        for name, member in whole.get("properties", {}).items()
        if name in left_out
        and {_kind_of(schema, kind) for kind in _variants(schema, member)} == {"object", "null"}
    ]


def _kind_of(document: Any, schema: Any) -> Any:
    kind = _followed(document, schema)
    return "object" if "properties" in kind else kind.get("type")


def _variants(document: Any, schema: Any) -> Iterator[Mapping[str, Any]]:
    """The parts of a union; any other schema as a whole."""
    here = _followed(document, schema)
    parts = here.get("anyOf") or here.get("oneOf") or [here]
    for part in parts:
        yield part if isinstance(part, dict) else {}


def _followed(document: Any, schema: Any) -> Mapping[str, Any]:
    from pytest_routes.generate.schema.document import Document, target

    for _ in range(8):
        if not isinstance(schema, dict):
            return {}
        reference = target(schema)
        if reference is None:
            return schema
        schema = Document(document).find(reference)
    return {}


def _listed(document: Any, variant: Mapping[str, Any], key: str) -> list[Any] | None:
    """The values that are listed for a member; None when any may do."""
    member = _followed(document, _followed(document, variant).get("properties", {}).get(key))
    if "const" in member:
        return [member["const"]]
    values = member.get("enum")
    return list(values) if isinstance(values, list) else None


def _allows(document: Any, variant: Mapping[str, Any], asked: Mapping[str, Sequence[Any]]) -> bool:
    for key, values in asked.items():
        listed = _listed(document, variant, key)
        if listed is not None and not any(value in listed for value in values):
            return False
    return True
