"""Globs of the configuration that name no route: allowed, and probably a typo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.routes.globs import matches, matches_any, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_routes.config.given import KeyPath
    from pytest_routes.config.loading import Loaded
    from pytest_routes.routes.model import Route

_LIKE_AT_ALL = 0.3


def unmatched(loaded: Loaded, routes: Sequence[Route]) -> tuple[str, ...]:
    """A sentence for each glob that the user gave and that matches none of `routes`.

    `routes` are all routes of the application, also those that are not selected.
    """
    return tuple(_sentences(loaded, routes))


def _sentences(loaded: Loaded, routes: Sequence[Route]) -> Iterator[str]:
    config = loaded.config
    http = [route.path for route in routes if route.kind == "http"]
    websocket = [route.path for route in routes if route.kind == "websocket"]
    every = [*websocket, *http]
    if config.http.enabled:
        yield from _of_list(loaded, ("include",), config.include, http, config.exclude)
        yield from _of_list(loaded, ("exclude",), config.exclude, http)
    if config.websocket.enabled:
        table, path = config.websocket, ("websocket", "include")
        yield from _of_list(loaded, path, table.include, websocket, table.exclude)
        yield from _of_list(loaded, ("websocket", "exclude"), table.exclude, websocket)
        yield from _of_list(loaded, ("websocket", "group"), table.group, websocket)
    yield from _of_list(loaded, ("auth", "required"), config.auth.required, every)
    for index, override in enumerate(config.overrides):
        if not any(override.hits(route.path, route.method) for route in routes):
            path_key: KeyPath = ("overrides", index, "path")
            yield _sentence(loaded, path_key, override.path, _nearest_route(override.path, every))


def _of_list(
    loaded: Loaded,
    path: tuple[str, ...],
    globs: Sequence[str],
    paths: Sequence[str],
    excluded: Sequence[str] = (),
) -> Iterator[str]:
    if path not in loaded.given:
        return
    for index, glob in enumerate(globs):
        found = [each for each in paths if matches(glob, each)]
        if not found:
            yield _sentence(loaded, (*path, index), glob, _nearest_route(glob, paths))
        elif all(matches_any(excluded, each) for each in found):
            why = "matches only routes that exclude leaves out"
            yield _sentence(loaded, (*path, index), glob, why)


def _nearest_route(glob: str, paths: Sequence[str]) -> str:
    guess = nearest(glob, paths, at_least=_LIKE_AT_ALL)
    return "matches no route" + (f", the nearest is {guess}" if guess else "")


def _sentence(loaded: Loaded, path: KeyPath, glob: str, what: str) -> str:
    exact = loaded.given.get(path)
    given = exact or loaded.given[path[:-1]]
    return given.wrong(what if exact or given.text == glob else f"{glob} {what}").text
