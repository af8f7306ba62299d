from __future__ import annotations

import json
from pathlib import Path

from pytest_routes.report.redaction import Redaction
from pytest_routes.report.tracebacks import Own, frame_lines, place_of, traceback_lines
from pytest_routes.simulator.transcript import Frame

from . import chat_app
from .talks import caught

HERE = str(Path(__file__).parent)
APP = str(Path(chat_app.__file__))


def line_of(source: str) -> int:
    lines = Path(APP).read_text().split("\n")
    return next(number for number, line in enumerate(lines, 1) if line.strip() == source)


def lines_of(exception, **options) -> list[str]:
    return traceback_lines(exception, Own(start=HERE), **options)


SUBSCRIBE = [
    f'  File "chat_app.py", line {line_of("return subscribe(data)")}, in handle',
    "    return subscribe(data)",
    f'  File "chat_app.py", line {line_of("return data[" + chr(34) + "channel" + chr(34) + "]")}'
    ", in subscribe",
    '    return data["channel"]',
    "KeyError: 'channel'",
]


def test_the_applications_own_frames_are_shown_with_their_source():
    assert lines_of(caught(chat_app.handle, "{}")) == SUBSCRIBE


def test_where_a_library_raised_is_one_line():
    lines = lines_of(caught(chat_app.handle, "{"))
    assert lines[:2] == [
        f'  File "chat_app.py", line {line_of("data = json.loads(text)")}, in handle',
        "    data = json.loads(text)",
    ]
    assert lines[2].startswith("  (inside json/decoder.py:")
    assert lines[2].endswith(", in raw_decode)")
    assert lines[3].startswith("json.decoder.JSONDecodeError: ")
    assert len(lines) == 4


def test_without_own_frames_the_last_three_are_kept():
    lines = lines_of(caught(json.loads, "{"))
    files = [line for line in lines if line.startswith("  File ")]
    assert [line.rpartition(", in ")[2] for line in files] == ["loads", "decode", "raw_decode"]


def test_the_package_of_the_handler_is_own_wherever_it_is_installed():
    assert not Own.of(chat_app.handle)(json.__file__)
    assert Own.of(json.loads)(json.decoder.__file__)
    assert not Own()(json.decoder.__file__)
    assert Own.of(None) == Own()


def test_the_cause_of_an_exception_is_told_first():
    lines = lines_of(caught(chat_app.translate, "{}"))
    middle = lines.index("which was turned into:")
    assert lines[middle - 2] == "KeyError: 'channel'"
    assert lines[-1].endswith("ChatError: no channel")


def test_an_exception_while_another_was_handled_is_told_with_it():
    lines = lines_of(caught(chat_app.stumble, "{}"))
    middle = lines.index("and while it was handled:")
    assert lines[middle - 2] == "KeyError: 'channel'"
    assert lines[-1] == "NameError: name 'undefined_reply' is not defined"


def test_an_exception_raised_from_none_is_told_alone():
    lines = lines_of(caught(chat_app.hide, "{}"))
    assert not any("KeyError" in line for line in lines)


def test_endless_recursion_is_folded():
    lines = lines_of(caught(chat_app.recurse, 0))
    (folded,) = [line for line in lines if line.startswith("  ... ")]
    assert folded.startswith("  ... the same line 9")
    assert folded.endswith(" more times ...")
    assert lines.count("    return recurse(depth + 1)") == 1
    assert lines[-1] == "RecursionError: maximum recursion depth exceeded"


def test_the_members_of_a_group_are_told():
    lines = lines_of(caught(chat_app.gather, ["{}", "["]))
    assert "ExceptionGroup: several (2 sub-exceptions)" in lines
    assert "    KeyError: 'channel'" in lines
    assert any(line.startswith("    json.decoder.JSONDecodeError") for line in lines)


def test_a_message_of_many_lines_is_bounded():
    lines = lines_of(caught(chat_app.complain, 100))
    assert lines[-3:] == ["line 10", "... 88 more lines ...", "line 99"]


def test_an_exception_that_is_its_own_context_is_told_once():
    exception = caught(chat_app.handle, "{}")
    exception.__context__ = other = ValueError()
    other.__context__ = exception
    assert lines_of(exception) == SUBSCRIBE


def test_a_long_traceback_shows_the_lines_around():
    lines = lines_of(caught(chat_app.handle, "{}"), style="long")
    assert lines[:4] == [
        SUBSCRIBE[0],
        "    def handle(text):",
        "        data = json.loads(text)",
        "  >     return subscribe(data)",
    ]


def test_a_line_traceback_is_a_line():
    exception = caught(chat_app.handle, "{}")
    line = line_of('return data["channel"]')
    assert lines_of(exception, style="line") == [f"chat_app.py:{line}: KeyError: 'channel'"]
    assert place_of(exception, Own(start=HERE)) == f"chat_app.py:{line}"


def test_no_traceback_is_none():
    assert lines_of(caught(chat_app.handle, "{}"), style="no") == []


def test_a_native_traceback_is_pythons_own():
    lines = traceback_lines(caught(chat_app.handle, "{"), Own(), style="native")
    assert lines[0] == "Traceback (most recent call last):"
    assert sum("json" in line and line.startswith("  File") for line in lines) == 3


def test_secrets_and_control_characters_are_not_shown():
    exception = caught(chat_app.subscribe, {"channel\x1b[31m": "s3cret"})
    exception.add_note("token s3cret \x07")
    assert lines_of(exception, redact=Redaction(("s3cret",)))[-1] == r"token *** \x07"


def test_where_a_task_waits_is_cut_in_the_same_way():
    frames = (
        Frame(APP, line_of("return subscribe(data)"), "handle"),
        Frame(json.__file__, 1, "get"),
    )
    lines = frame_lines(frames, Own(start=HERE))
    assert lines == [*SUBSCRIBE[:2], "  (inside json/__init__.py:1, in get)"]
    assert frame_lines(frames, Own(), style="no") == []


def test_of_what_a_framework_made_of_an_exception_the_place_is_enough() -> None:
    namespace: dict = {}
    source = "def send(text):\n    raise ValueError(text)\ndef close(text):\n    send(text)\n"
    exec(compile(source, "/lib/site-packages/framework/exceptions.py", "exec"), namespace)

    try:
        try:
            raise LookupError("mine")
        except LookupError:
            namespace["close"]("theirs")
    except ValueError as error:
        raised = error
    # Beside the frame of this test, which the exception has passed.
    raised = raised.with_traceback(raised.__traceback__.tb_next)
    lines = lines_of(raised)
    assert lines[-5:] == [
        "",
        "and while it was handled:",
        "",
        "  (inside framework/exceptions.py:2, in send)",
        "ValueError: theirs",
    ]
    raised.__context__ = None
    assert [line.strip() for line in lines_of(raised)] == [
        'File "framework/exceptions.py", line 4, in close',
        'File "framework/exceptions.py", line 2, in send',
        "ValueError: theirs",
    ]
