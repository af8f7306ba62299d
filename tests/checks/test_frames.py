from __future__ import annotations

import json
from pathlib import Path

import pytest
import starlette

import pytest_routes
from pytest_routes.checks.frames import (
    caught_in,
    chain,
    identity,
    is_application,
    is_framework,
    line_of,
    origin,
    place,
)
from pytest_routes.simulator.transcript import Frame


def test_what_is_installed_or_belongs_to_python_or_to_us_is_not_the_applications():
    assert is_application(__file__)
    assert is_application("/srv/app/chat.py")
    assert not is_application(starlette.__file__)
    assert not is_application(json.__file__)
    assert not is_application(pytest_routes.__file__)
    assert not is_application("/usr/lib/python3/dist-packages/app.py")
    assert not is_application("<frozen importlib._bootstrap>")
    assert not is_application("msgpack/_unpacker.pyx")


def decodes(text):
    return json.loads(text)


def caught(text):
    with pytest.raises(ValueError, match="Expecting") as info:
        decodes(text)
    return info.value


def test_the_origin_of_an_exception_is_the_innermost_line_of_the_application():
    line = origin(caught("{"), is_application)
    assert line is not None
    assert (Path(line.file).name, line.function) == ("test_frames.py", "decodes")


def test_where_the_application_took_no_part_its_origin_is_that_of_what_led_to_it():
    bare = RuntimeError("raised by a framework")
    bare.__context__ = caught("{")
    line = origin(bare, is_application)
    assert line is not None
    assert line.function == "decodes"
    assert origin(RuntimeError(), is_application) is None


def installed(package):
    """A function that raises, as if it were installed."""
    namespace = {}
    code = compile(
        "def serve():\n    raise KeyError('type')\n", f"/v/site-packages/{package}", "exec"
    )
    exec(code, namespace)
    with pytest.raises(KeyError) as info:
        namespace["serve"]()
    info.value.__traceback__ = info.value.__traceback__.tb_next
    return info.value


def test_without_a_line_of_the_application_that_of_a_library_is_named_but_no_frameworks():
    line = origin(installed("graphql_server/ws.py"), is_application)
    assert line == Frame("/v/site-packages/graphql_server/ws.py", 2, "serve")
    assert origin(installed("starlette/websockets.py"), is_application) is None
    assert line_of([line, Frame(json.__file__, 1, "loads")], is_application) == line


def test_another_package_can_be_the_application():
    line = origin(caught("{"), lambda file: "json" in file)
    assert line is not None
    assert line.function == "JSONDecoder.raw_decode"


def test_an_exception_was_caught_where_its_traceback_begins_or_nowhere():
    assert caught_in(caught("{")) == __file__
    assert caught_in(KeyError()) == ""


def test_a_chain_goes_by_causes_first_and_ends_even_if_it_is_a_circle():
    first, second, third = KeyError(), ValueError(), TypeError()
    first.__cause__, first.__context__ = second, third
    third.__context__ = first
    assert list(chain(first)) == [first, second, third]


def test_a_line_is_told_and_identified_without_its_folder():
    line = Frame("/srv/app/chat.py", 12, "Room.join")
    assert place(line) == "Room.join (chat.py:12)"
    assert identity(line) == ("chat.py", "Room.join", "12")
    assert place(None) == ""
    assert identity(None) == ()


@pytest.mark.parametrize(
    ("module", "is_one"),
    [
        ("starlette.routing", True),
        ("asgiref", True),
        ("chat.starlette", False),
        ("starlette_admin.app", False),
    ],
)
def test_a_framework_is_told_by_its_package(module, is_one):
    assert is_framework(module) is is_one
