"""What the tests of tracebacks raise: code of an application, with lines to point at."""

from __future__ import annotations

import json


class ChatError(Exception):
    pass


def handle(text):
    data = json.loads(text)
    return subscribe(data)


def subscribe(data):
    return data["channel"]


def translate(text):
    try:
        return handle(text)
    except KeyError as error:
        raise ChatError("no channel") from error


def stumble(text):
    try:
        return handle(text)
    except KeyError:
        return undefined_reply  # noqa: F821


def hide(text):
    try:
        return handle(text)
    except KeyError:
        raise ChatError("bad message") from None


def recurse(depth):
    return recurse(depth + 1)


def gather(texts):
    errors = []
    for text in texts:
        try:
            handle(text)
        except Exception as error:
            errors.append(error)
    raise ExceptionGroup("several", errors)


def complain(lines):
    raise ChatError("\n".join(f"line {number}" for number in range(lines)))


async def relay(get):
    return await get()


def fail(error):
    raise error


def line_of(source):
    with open(__file__) as file:
        lines = [line.strip() for line in file]
    return next(number for number, line in enumerate(lines, 1) if line.endswith(source))
