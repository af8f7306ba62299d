"""Showing credentials, and what else every client sends, beside what was drawn for a route."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.routes.undeclared import shows_guess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.parameters import Target
    from pytest_routes.routes.model import Route

Pairs: TypeAlias = "Sequence[tuple[str, str]]"


def with_credentials(target: Target, *, headers: Pairs = (), query: Pairs = ()) -> Target:
    """The target with these headers and query parameters in place of its own of that name.

    A client has one `cookie` header (RFC 6265, 5.4): cookies are added to those of the target.
    """
    given = {name.lower() for name, _ in headers}
    shown = {name for name, _ in query}
    kept = [pair for pair in target.headers if pair[0].lower() not in given]
    cookies = _cookies([*target.headers, *headers])
    others = [pair for pair in headers if pair[0].lower() != "cookie"]
    if "cookie" in given:
        others.append(("cookie", cookies))
    return replace(
        target,
        query=(*(pair for pair in target.query if pair[0] not in shown), *query),
        headers=(*kept, *others),
    )


def bare_headers(route: Route, headers: Pairs, credentials: Pairs) -> tuple[tuple[str, str], ...]:
    """Headers without credentials, and without what was guessed from the handler's source."""
    shown = {name.lower() for name, _ in credentials}
    return tuple(
        pair for pair in headers if pair[0].lower() not in shown and not _is_guess(route, *pair)
    )


def bare_query(route: Route, query: Pairs, credentials: Pairs) -> tuple[tuple[str, str], ...]:
    """The same for the query."""
    shown = {name for name, _ in credentials}
    return tuple(
        pair for pair in query if pair[0] not in shown and not shows_guess(route, "query", *pair)
    )


def _is_guess(route: Route, header: str, value: str) -> bool:
    if header.lower() != "cookie":
        return shows_guess(route, "header", header, value)
    cookies = (each.partition("=") for each in value.split("; "))
    return any(shows_guess(route, "cookie", name, content) for name, _, content in cookies)


def _cookies(headers: Pairs) -> str:
    """All cookies in one header; the last of a name counts."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == "cookie":
            for cookie in value.split("; "):
                key, _, content = cookie.partition("=")
                found[key] = content
    return "; ".join(f"{name}={value}" for name, value in found.items())
