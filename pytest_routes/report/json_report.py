"""The report of a run as JSON, version 1 of this schema:

    format          "pytest-routes report"
    version         1
    app             what --routes-app said, or null
    seed            reproduces the run
    started         ISO 8601
    duration        seconds of real time
    versions        object: name of a package to its version
    notes           list of texts
    totals          routes, passed, failed, skipped, failures, warnings, sequences, messages,
                    connections, requests: numbers
    routes          list of objects, one for each route:

        route           "/ws/chat", "GET /users/{id}"
        kind            "websocket" or "http"
        outcome         "passed", "failed" or "skipped"
        nodeid          pytest's
        command         what runs the route again with the same seed
        sequences       conversations, or requests, that were tried
        messages_sent   number
        connections     handshakes that were accepted (0 when every one was then closed at
                        once, as a refusal: those are in `refusals`, with status 101)
        refusals        list: code (or null), status, count, reason
        responses       list of pairs: HTTP status, how often it was answered
        skipped         why the route was not tested, or null
        failed          that it was not tested is a failure (credentials were given, say)
        stopped         why the search stopped early, or null
        replayed        failures of the example database that were had again
        duration        seconds of real time
        vocabulary      list of pairs: word of the handler's source, sequences that said it
        failures        list of findings
        warnings        list of findings

    A finding:

        check           a name of the catalogue
        severity        "error" or "warn"
        message, expected, actual, line
                        texts; `line` is the finding on one line
        client          which client, counted from 0 (-1: the application as a whole)
        time            seconds of the loop's time since the conversation began
        entries         the conversation: list of time, client, direction ("->" to the
                        application, "<-" to the client, "--" neither, "!!" what went wrong),
                        label, detail, failed (what the finding is about)
        exception       "KeyError: 'channel'", or null
        place           "path:line" of the application's innermost frame, or null
        traceback       list of lines
        matters, fix    what it means on a server, what to do about it
        replay          path of the replay file, or null
        key             list of texts: equal for findings that are the same bug
        saved           it was not found by this seed, but stood in the example database

Contents are shortened, control characters escaped, secrets masked. New members may be added
within version 1.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_routes.report.run import RunRecord

FORMAT = "pytest-routes report"
VERSION = 1


def report_json(run: RunRecord) -> str:
    """The report's text."""
    plain: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "app": run.app,
        "seed": run.seed,
        "started": run.started,
        "duration": run.duration,
        "versions": dict(run.versions),
        "notes": list(run.notes),
        "totals": run.totals,
        "routes": [{**each.to_plain(), "outcome": each.outcome} for each in run.results],
    }
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
