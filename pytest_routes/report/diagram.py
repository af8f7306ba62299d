"""A conversation as a sequence diagram in HTML: a lifeline for each client and one for the
application, an arrow for everything that was said. `report.css` draws it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.report.timeline import Entry

_CLASSES = {"->": "said to", "<-": "said from", "--": "said note", "!!": "said note wrong"}


def diagram(entries: Sequence[Entry]) -> str:
    """The diagram of a conversation; its text reads in order without any style, too."""
    clients = sorted({entry.client for entry in entries if entry.client >= 0}) or [0]
    lanes = {client: lane for lane, client in enumerate(clients)}
    several = len(clients) > 1
    heads = [
        f'<span class="who" style="grid-column: {lane + 2}">client{f" {client}" * several}</span>'
        for client, lane in lanes.items()
    ]
    lifelines = [f'<i class="lifeline" style="--at: {lane}"></i>' for lane in lanes.values()]
    rows = [_row(entry, lanes, several) for entry in entries]
    return "\n".join(
        [
            f'<div class="talk" style="--clients: {len(clients)}">',
            *lifelines,
            '<i class="lifeline app"></i>',
            f'<div class="row heads">{"".join(heads)}',
            '<span class="who app">application</span></div>',
            "<ol>",
            *rows,
            "</ol>",
            "</div>",
        ]
    )


def _row(entry: Entry, lanes: dict[int, int], several: bool) -> str:
    time = f'<span class="time">{entry.time:,.3f} s</span>'
    label = f"<b>{escape(entry.label)}</b> " if entry.label else ""
    text = f"<span>{label}{escape(entry.detail)}</span>"
    if entry.client < 0 and entry.direction == "--":
        return f'<li class="row">{time}<span class="gap">{text}</span></li>'
    of = f' title="client {entry.client}"' if several and entry.client >= 0 else ""
    said = (
        f'<div class="{_CLASSES[entry.direction]}" style="--client: {lanes.get(entry.client, 0)}"'
        f"{of}>{text}</div>"
    )
    failing = " failing" if entry.failed else ""
    return f'<li class="row{failing}">{time}{said}</li>'
