"""A JSON Schema document, and where its references lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from pytest_routes.generate.schema.errors import UnsatisfiableSchema

Schema: TypeAlias = "Mapping[str, Any] | bool"


class Document:
    """Finds what a `$ref` names, within one document (JSON Schema 2020-12, Core, 8.2.3)."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self._anchors: dict[str, Schema] | None = None

    def find(self, reference: str) -> Schema:
        """The schema that a reference leads to. Raises UnsatisfiableSchema when it is nowhere."""
        base, _, fragment = reference.partition("#")
        known_bases = ("", self.root.get("$id", "") if isinstance(self.root, Mapping) else "")
        if base not in known_bases:
            raise UnsatisfiableSchema(
                f'$ref "{reference}" leads out of the schema: only references within it '
                "can be followed"
            )
        if fragment and not fragment.startswith("/"):
            return self._anchor(fragment, reference)
        here: Any = self.root
        for part in unquote(fragment).split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            try:
                here = here[int(key)] if isinstance(here, list) else here[key]
            except (KeyError, IndexError, TypeError, ValueError):
                raise UnsatisfiableSchema(f'$ref "{reference}" leads nowhere') from None
        if not isinstance(here, Mapping | bool):
            raise UnsatisfiableSchema(f'$ref "{reference}" leads to something that is no schema')
        return here

    def _anchor(self, name: str, reference: str) -> Schema:
        if self._anchors is None:
            self._anchors = {}
            waiting: list[Any] = [self.root]
            while waiting:
                here = waiting.pop()
                if isinstance(here, Mapping):
                    for key in ("$anchor", "$dynamicAnchor"):
                        if isinstance(here.get(key), str):
                            self._anchors.setdefault(here[key], here)
                    waiting.extend(here.values())
                elif isinstance(here, list):
                    waiting.extend(here)
        if name not in self._anchors:
            raise UnsatisfiableSchema(f'$ref "{reference}" leads nowhere')
        return self._anchors[name]


def target(schema: Mapping[str, Any]) -> str | None:
    """The reference of a schema, if it has one."""
    found = schema.get("$ref", schema.get("$dynamicRef"))
    return found if isinstance(found, str) else None


def moved_in(
    schema: Mapping[str, Any], definitions: dict[str, Any], prefix: str
) -> Mapping[str, Any]:
    """A document as a part of another one, whose `definitions` take in those of the first."""
    own = schema.get("$defs", {})
    if not own:
        return schema
    old, new = "#/$defs/", f"#/$defs/{prefix}."

    def rewritten(part: Any) -> Any:
        if isinstance(part, Mapping):
            found = {key: rewritten(value) for key, value in part.items()}
            reference = found.get("$ref")
            if isinstance(reference, str) and reference.startswith(old):
                found["$ref"] = new + reference.removeprefix(old)
            return found
        return [rewritten(each) for each in part] if isinstance(part, list) else part

    definitions.update({f"{prefix}.{name}": rewritten(each) for name, each in own.items()})
    found: Mapping[str, Any] = rewritten({k: v for k, v in schema.items() if k != "$defs"})
    return found
