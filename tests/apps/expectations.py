"""What is found in each application of `bugs` and `zoo`, and that nothing is in `correct`."""

from collections.abc import Iterator
from dataclasses import dataclass

FRAMEWORKS = {"S": "starlette_app", "F": "fastapi_app", "L": "litestar_app", "R": "raw_app"}
RAW_PATH = "/ws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """An application, and what testing it finds."""

    app: str
    """`module:attribute`, from the directory above `apps`."""
    checks: tuple[str, ...] = ()
    """The check that finds the bug; several where each of them tells the truth. None for a
    correct application."""
    exceptions: tuple[str, ...] = ()
    """The name of the application's own exception is one of these; none: there is no
    exception, or it does not matter which."""
    messages: int | None = None
    """How many messages the shortest conversation has, where that is certain."""
    last: tuple[str | bytes, ...] = ()
    """What the last of them is one of, where that is certain."""
    clients: int = 1
    """How many clients it takes at least."""
    left_with: int | None = None
    """The close code of the client that shows the bug."""
    besides: tuple[str, ...] = ()
    """Checks that may be found too."""
    bug: str = ""
    """The module's name."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where an application whose routes cannot be discovered is tested."""
        return (RAW_PATH,) if "raw" in self.app or ".protocol:" in self.app else ()

    @property
    def framework(self) -> str:
        attribute = self.app.partition(":")[2].removesuffix("_app")
        return attribute if f"{attribute}_app" in FRAMEWORKS.values() else "raw"


HANDLER = ("message_handler_error",)
CONNECT = ("connection_error",)
SHUTDOWN = ("shutdown_error",)
TASK = ("message_handler_error", "logged_exception")
HANG = ("message_timeout",)
PROTOCOL = ("protocol_violation",)
CLOSE = ("invalid_close",)
BLOCKED = ("blocked_event_loop",)
KEPT = ("leaked_connection",)

FRAME = ("unexpected_frame",)
"""Starlette's `receive_text` raises for a binary frame: most of its applications have that."""


def _rows(
    module: str,
    frameworks: str,
    checks: tuple[str, ...],
    exceptions: str = "",
    messages: int | None = None,
    last: str | bytes | tuple[str | bytes, ...] | None = None,
    *,
    clients: int = 1,
    left_with: int | None = None,
    besides: tuple[str, ...] = (),
) -> Iterator[Expectation]:
    for letter in frameworks:
        yield Expectation(
            app=f"apps.{module}:{FRAMEWORKS[letter]}",
            checks=checks,
            exceptions=tuple(exceptions.split()),
            messages=messages,
            last=last if isinstance(last, tuple) else () if last is None else (last,),
            clients=clients,
            left_with=left_with,
            besides=(*FRAME, *besides),
            bug=module.partition(".")[2],
        )


DECODE = "JSONDecodeError DecodeError"

BUGS: tuple[Expectation, ...] = (
    *_rows("bugs.missing_key", "SFLR", HANDLER, "KeyError", 1, '{"action": "subscribe"}'),
    *_rows("bugs.not_json", "SFLR", HANDLER, DECODE, 1),
    *_rows("bugs.framework_json", "SFL", FRAME, "JSONDecodeError SerializationException", 1),
    *_rows("bugs.eighth_message", "SFLR", HANDLER, "IndexError", 8),
    *_rows("bugs.empty_text", "SFLR", HANDLER, "IndexError", 1, ("", b"")),
    *_rows("bugs.over_32_kib", "SFLR", HANDLER, "ValueError", 1),
    *_rows("bugs.close_1001", "SFLR", SHUTDOWN, "KeyError", 0, left_with=1001),
    *_rows("bugs.in_finally", "S", HANDLER, "KeyError", 1, "/leave", besides=SHUTDOWN),
    *_rows("bugs.in_finally", "FLR", SHUTDOWN, "KeyError ValueError", 1, "/leave"),
    *_rows("bugs.hang_on_message", "SFLR", HANG, "", 1, "save"),
    *_rows("bugs.never_accepts", "SFLR", ("connection_timeout",), "", 0),
    *_rows("bugs.returns_without_accepting", "SFLR", CONNECT, "", 0),
    *_rows("bugs.sleeps", "SFL", BLOCKED, "", 1, "report"),
    *_rows("bugs.spins", "SFL", BLOCKED, "", 1, "report"),
    *_rows("bugs.subprotocol_not_offered", "SFLR", ("subprotocol_mismatch",), "", 0),
    *_rows("bugs.close_1005", "SFLR", CLOSE, "", 1, "bye"),
    *_rows("bugs.close_70000", "SFLR", CLOSE, "", 1, "quit"),
    *_rows("bugs.long_reason", "SFLR", CLOSE, "", 1, "logout"),
    *_rows("bugs.send_after_close", "SFLR", PROTOCOL, "", 1, "hangup"),
    *_rows("bugs.lone_surrogate", "SFLR", PROTOCOL, "", 1),
    *_rows("bugs.number_as_text", "SFLR", PROTOCOL, "", 1),
    *_rows("bugs.close_1011", "SFLR", HANDLER, "", 1, ("", b"")),
    *_rows("bugs.after_an_hour", "SFLR", HANDLER, "KeyError", 0),
    *_rows("bugs.silent_client", "SFLR", HANDLER, "TimeoutError", 0),
)
"""The bugs that everybody writes; the shortest conversation of each is known."""

_DEAD = ("collateral_disconnect", "leaked_connection", "message_handler_error")

ZOO: tuple[Expectation, ...] = (
    *_rows(
        "zoo.broadcast_mutates",
        "SF",
        (*HANDLER, *SHUTDOWN),
        "RuntimeError",
        clients=2,
        besides=("collateral_disconnect",),
    ),
    *_rows("zoo.dead_clients", "SLR", _DEAD, besides=_DEAD),
    *_rows("zoo.double_leave", "FL", HANDLER, "KeyError"),
    *_rows("zoo.room_torn_down", "SL", HANDLER, "KeyError", clients=2),
    *_rows("zoo.same_name_twice", "FR", SHUTDOWN, "KeyError", 0, clients=2),
    *_rows("zoo.no_opponent", "FL", HANDLER, "IndexError", 1, besides=("collateral_disconnect",)),
    *_rows("zoo.slots_never_freed", "SR", ("connection_timeout",), besides=SHUTDOWN),
    *_rows("zoo.lock_kept", "FL", HANG, besides=("shutdown_timeout",)),
    *_rows("zoo.queue_full", "SR", HANG),
    *_rows("zoo.heartbeat_dies", "SF", TASK, "IndexError KeyError", 0),
    *_rows("zoo.task_outlives", "FLR", ("leaked_task",), besides=KEPT),
    *_rows("zoo.forgotten_task", "SL", TASK, "KeyError TypeError ValueError", 1),
    *_rows("zoo.gather_left_half", "FR", ("leaked_task",), besides=KEPT),
    *_rows("zoo.never_notices", "SFLR", ("shutdown_timeout",), besides=HANG),
    *_rows("zoo.spins_after_disconnect", "SL", BLOCKED),
    *_rows("zoo.two_readers", "F", (*TASK, "leaked_task"), besides=SHUTDOWN),
    *_rows("zoo.not_an_object", "FLR", HANDLER, "AttributeError TypeError", 1),
    *_rows("zoo.number_in_command", "SL", HANDLER, "ValueError", 1),
    *_rows("zoo.division_by_zero", "FL", HANDLER, "ZeroDivisionError", 1),
    *_rows("zoo.index_out_of_range", "SR", HANDLER, "IndexError", 1),
    *_rows("zoo.not_latin", "FL", HANDLER, "UnicodeEncodeError ValueError", 1),
    *_rows("zoo.deep_recursion", "SR", HANDLER, "RecursionError", 1),
    *_rows("zoo.before_joining", "FR", HANDLER, "AttributeError KeyError", 1),
    *_rows("zoo.unknown_token", "SL", HANDLER, "KeyError AttributeError ValueError TypeError", 1),
    *_rows("zoo.not_a_number", "FR", HANDLER, "ValueError OverflowError", 1),
    *_rows("zoo.no_match", "SL", HANDLER, "AttributeError", 1),
    *_rows("zoo.short_frame", "SLR", HANDLER, "error IndexError", 1),
    *_rows("zoo.one_separator", "FR", HANDLER, "ValueError Error", 1),
    *_rows("zoo.unknown_command", "SFL", HANDLER, "AttributeError ValueError KeyError", 1),
    *_rows("zoo.unhashable", "LR", HANDLER, "TypeError", 1),
    *_rows("zoo.unguarded_model", "S", HANDLER, "ValidationError", 1),
    *_rows("zoo.unguarded_model", "F", HANDLER, "KeyError", 1),
    *_rows("zoo.unguarded_model", "L", HANDLER, "DecodeError", 1),
    *_rows("zoo.surrogate_from_json", "SF", FRAME, "", 1),
    *_rows("zoo.reason_from_client", "SL", CLOSE, "", 1),
    *_rows("zoo.code_from_client", "FR", CLOSE, "", 1),
    *_rows("zoo.closed_twice", "FLR", PROTOCOL, "", 1),
    *_rows("zoo.flood", "FR", ("message_flood",), "", 1),
    *_rows("zoo.leaked_connections", "SLR", KEPT),
    *_rows("zoo.first_subprotocol", "SR", CONNECT, "KeyError IndexError", 0),
    *_rows("zoo.first_subprotocol", "F", ("subprotocol_mismatch",), "", 0),
    *_rows("zoo.newest_version", "SF", ("subprotocol_mismatch",), "", 0),
    *_rows("zoo.reads_after_closing", "SF", HANDLER, "WebSocketDisconnected", 0),
    *_rows("zoo.two_locks", "S", HANG, clients=2, besides=("shutdown_timeout",)),
    *_rows("zoo.taken_at_once", "SL", HANDLER, "KeyError ValueError", 2, clients=2),
    *_rows("zoo.unknown_room", "SL", CONNECT, "KeyError", 0),
    *_rows("zoo.blocking_queue", "L", BLOCKED, "", 1, "next"),
    *_rows("zoo.idle_timeout", "LR", HANDLER, "TimeoutError"),
    *_rows("zoo.wrong_answer", "L", ("response_mismatch",), "", 1),
    *_rows("zoo.logged_and_forgotten", "SF", ("logged_exception",)),
    *_rows("zoo.braces", "SL", HANDLER, "KeyError IndexError ValueError AttributeError", 1),
    *_rows("zoo.subscribed_twice", "F", HANDLER, "AssertionError", 2),
    *_rows("zoo.subscribed_twice", "L", HANDLER, "KeyError", 1),
    *_rows("zoo.server_said_it", "SF", HANDLER, "KeyError ZeroDivisionError", 2),
    *_rows("zoo.in_stock", "SR", HANDLER, "ZeroDivisionError", 1, "pear"),
    *(
        Expectation(
            app=f"apps.zoo.protocol:{name}",
            checks=checks,
            messages=messages,
            besides=besides,
            bug=f"protocol.{name}",
        )
        for name, checks, messages, besides in (
            ("sends_first", PROTOCOL, 0, CONNECT),
            ("empty_send", PROTOCOL, 1, ()),
            ("text_headers", PROTOCOL, 0, CONNECT),
            ("reads_the_end", SHUTDOWN, 0, ()),
            ("accepts_twice", PROTOCOL, 0, ()),
            ("misspelt", PROTOCOL, 1, ()),
        )
    ),
)
"""The bugs of other people's trackers: none may be missed, by more than one seed in twenty."""

CORRECT: tuple[Expectation, ...] = tuple(
    each
    for module, frameworks in (
        ("binary", "SFLR"),
        ("chance", "SFLR"),
        ("channels_plugin", "L"),
        ("chatty_logs", "SFLR"),
        ("errors_as_json", "SFLR"),
        ("greeting", "SFL"),
        ("heartbeat", "SFL"),
        ("leaving", "SFLR"),
        ("lifespan_state", "SFL"),
        ("matchmaking", "SR"),
        ("middleware", "SFLR"),
        ("one_at_a_time", "SF"),
        ("rooms", "SFLR"),
        ("slow_but_alive", "SFLR"),
        ("stateful", "SFLR"),
        ("streaming", "SFLR"),
        ("subprotocols", "SFLR"),
        ("surroundings", "SFLR"),
        ("task_groups", "SFLR"),
        ("threads", "SFLR"),
        ("time_limits", "SFLR"),
        ("typed_listeners", "L"),
        ("validating", "SFLR"),
    )
    for each in _rows(f"correct.{module}", frameworks, ())
)
"""Nothing may be found in these but the frames that their frameworks' readers do not expect."""

SAMPLES: tuple[Expectation, ...] = tuple(
    each
    for module, besides in (
        ("echo", ()),
        ("chat", ()),
        ("one_shot", ()),
        ("pub_sub", ()),
        ("notifications", ()),
        ("chat_server", ("collateral_disconnect",)),
    )
    for each in _rows(f"samples.{module}", "SFL", (), besides=besides)
)
"""What a newcomer has: it passes, and the chat server is warned about."""
