"""The files of this package that are written from the model: the flags and the JSON Schema.

`python -m pytest_routes.config.derived` writes them again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias

from pydantic_core import PydanticUndefined

from pytest_routes.config.catalogue import Entry, catalogue
from pytest_routes.config.json_schema import json_schema
from pytest_routes.config.showing import default, value_text

HERE = Path(__file__).parent

_FLAGS_HEADER = '''\
"""Every command-line flag, written from the model by `pytest_routes.config.derived`.

pytest asks for flags in every run, also in those without `--routes`. This table is all that
is imported then: no pydantic. A test keeps it true.
"""

from __future__ import annotations

FLAGS: tuple[tuple[str, str, str, str, str], ...] = (
    # flag, key, how it is given (switch, value, repeated, several), metavar, help
'''


Row: TypeAlias = tuple[str, str, str, str, str]


def flag_rows() -> tuple[Row, ...]:
    """The rows of `FLAGS` in `pytest_routes/config/flags.py`."""
    return tuple(_flag(entry) for entry in catalogue().values() if entry.option.flag)


def flags_module() -> str:
    """The source of `pytest_routes/config/flags.py`."""
    rows = "".join(
        "    (\n" + "".join(f"        {_quoted(cell)},\n" for cell in row) + "    ),\n"
        for row in flag_rows()
    )
    return f"{_FLAGS_HEADER}{rows})\n"


def schema_file() -> str:
    """The text of `pytest_routes/config/schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _flag(entry: Entry) -> Row:
    option = entry.option
    if entry.type is bool:
        way = "switch"
    elif option.several:
        way = "several"
    else:
        way = "repeated" if option.repeatable else "value"
    about = f"{entry.key}, default: {default_text(entry)}"
    return option.flag, entry.key, way, option.metavar, f"{option.help} [{about}]"


def default_text(entry: Entry) -> str:
    """The default as it reads in `--help` and in tables."""
    value = default(entry)
    return "required" if value is PydanticUndefined else value_text(entry, value)


def _quoted(text: str) -> str:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if len(quoted) <= 90:
        return quoted
    cut = text.rfind(" ", 0, 85) + 1
    return f"{_quoted(text[:cut])}\n        {_quoted(text[cut:])}"


def write() -> None:
    (HERE / "flags.py").write_text(flags_module(), encoding="utf-8")
    (HERE / "schema.json").write_text(schema_file(), encoding="utf-8")


if __name__ == "__main__":
    write()
