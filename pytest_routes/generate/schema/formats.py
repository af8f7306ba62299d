"""Values of the formats that JSON Schema, pydantic and msgspec know.

They are such that every library takes them: where one is stricter (msgspec knows no weeks in
a duration, email-validator no reserved domains), the stricter counts.
"""

from __future__ import annotations

import base64
import datetime as dt
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pytest_routes.generate import nasty
from pytest_routes.generate.schema.moments import Moments, is_movable
from pytest_routes.generate.schema.nodes import Node, Nothing, Plain, Table
from pytest_routes.generate.schema.scalars import distinct, is_carried

_DATES = (
    "2000-01-01", "2024-01-31", "2024-02-29", "2024-12-31", "1970-01-01", "1969-12-31",
    "1999-12-31", "2038-01-19", "1900-01-01", "2100-02-28", "0001-01-01", "9999-12-31",
)  # fmt: skip
_TIMES = (
    "00:00:00", "12:00:00", "23:59:59", "09:30:00", "00:00:00.000001", "23:59:59.999999",
    "12:34:56.789",
)  # fmt: skip
_ZONES = ("Z", "+00:00", "+01:00", "-08:00", "+05:30", "+14:00", "-12:00")
_DURATIONS = (
    "PT0S", "PT1S", "PT1M", "PT1H", "P1D", "P1DT2H", "PT0.5S", "P30D", "P365D", "PT3600S",
    "-P1D", "-PT1S", "PT0.000001S", "P99999D", "P1DT23H59M59.999999S",
)  # fmt: skip
_UUIDS = (
    "00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001",
    "6ba7b810-9dad-41d1-80b4-00c04fd430c8", "FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF",
    "f47ac10b58cc4372a5670e02b2c3d479",
)  # fmt: skip
_URIS = (
    "http://example.com/", "https://example.com", "http://localhost:8000/a?b=c#d",
    "https://user:pass@example.com/x", "http://127.0.0.1/", "http://[::1]/", "ftp://example.com/f",
    "https://example.com/%00%2F..%2F", "http://xn--nxasmq6b.example.com/", "urn:isbn:0451450523",
    "mailto:a@example.com", "ws://example.com/ws", "data:,x", "file:///etc/hosts",
)  # fmt: skip


def _uuid_of(version: int) -> tuple[str, ...]:
    # The version stands in the first digit of the third group (RFC 9562, 4.2).
    return tuple(str(uuid.UUID(text)).replace("-4", f"-{version}", 1) for text in _VERSIONED)


_VERSIONED = (
    "00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000-8000-000000000001",
    "6ba7b810-9dad-4111-80b4-00c04fd830c8",
)


def _base64(url_safe: bool) -> tuple[str, ...]:
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    return tuple(encode(data).decode("ascii") for data in (*_PLAIN_BYTES, *nasty.BINARY))


_PLAIN_BYTES = (b"", b"a", b"ab", b"abc", b"hello", b"{}", bytes(16), bytes(range(64)))

FORMATS: dict[str, tuple[str, ...]] = {
    "date": _DATES,
    "duration": _DURATIONS,
    "email": (
        "a@example.com", "user@example.com", "first.last@example.org", "a+b@example.com",
        "x_y-z@sub.example.co.uk", f"{'a' * 64}@example.com", "o'brien@example.com",
    ),
    "name-email": ("a@example.com", "A B <a@example.com>", "user <user@example.org>"),
    "hostname": ("localhost", "example.com", "a.b.c.example.com", "xn--nxasmq6b", f"{'a' * 63}.de"),
    "ipv4": ("127.0.0.1", "0.0.0.0", "10.0.0.1", "192.168.1.1", "255.255.255.255", "8.8.8.8"),
    "ipv6": ("::1", "::", "2001:db8::1", "fe80::1", "::ffff:192.168.1.1", "ff02::1"),
    "ipvanyaddress": ("127.0.0.1", "::1", "0.0.0.0", "255.255.255.255", "2001:db8::1"),
    "ipv4network": ("10.0.0.0/8", "0.0.0.0/0", "192.168.1.0/24", "127.0.0.1/32"),
    "ipv6network": ("2001:db8::/32", "::/0", "::1/128"),
    "ipvanynetwork": ("10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"),
    "ipv4interface": ("10.0.0.1/8", "192.168.1.7/24", "127.0.0.1/32"),
    "ipv6interface": ("2001:db8::1/32", "::1/128"),
    "ipvanyinterface": ("10.0.0.1/8", "2001:db8::1/32"),
    "uri": _URIS,
    "iri": (*_URIS[:6], "http://example.com/é"),
    "uri-reference": ("/", "", "a", "../a", "?a=b", "#a", "//example.com/", *_URIS[:3]),
    "iri-reference": ("/", "", "é", "#é", *_URIS[:3]),
    "uri-template": ("/a/{b}", "/a", "http://example.com/{?q}", ""),
    "multi-host-uri": _URIS[:1],
    "uuid": _UUIDS,
    **{f"uuid{version}": _uuid_of(version) for version in (1, 3, 4, 5, 6, 7, 8)},
    "json-pointer": ("", "/", "/a", "/a/0", "/a~1b", "/~0"),
    "relative-json-pointer": ("0", "1/a", "0#"),
    "regex": ("a", ".*", "^[a-z]+$", "", "(a|b)*", r"\d{3}", "(?i)x"),
    "base64": _base64(url_safe=False),
    "base64url": _base64(url_safe=True),
    "path": ("a", "a.txt", "/", "/tmp/a", "a/b", "../a", ".", "a b", "é", "C:\\a", "~", "a" * 256),
    "file-path": ("/etc/hosts",),
    "directory-path": ("/", "."),
    "new-path": ("pytest-routes-does-not-exist",),
    "complex": ("0", "1", "1j", "1+2j", "-1.5-0.5j", "1e3"),
    "byte-size": ("1", "0", "1kb", "1.5 GiB", "10MB", "1b", "2 KiB", "0.5mb", "1PB"),
    "color": ("#000000", "#fff", "#FF8800", "red"),
}  # fmt: skip

_DECIMALS = (
    "0", "1", "-1", "0.5", "2", "10", "1.5", "99.99", "-0.01", "0.1", "100", "1000", "3.14",
    "12345.6789", "1e3", "1E-7", "-0", "0.000", "999999999999.99", "123456789012345678901234567890",
    "0.1234567890123456789", "1e28",
)  # fmt: skip

Parse = Callable[[str], Any]


def _zones(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return {"aware": _ZONES, "naive": ("",)}.get(schema.get("x-zone", ""), ("", *_ZONES))


def _date_times(schema: Mapping[str, Any]) -> list[str]:
    zones = _zones(schema)
    whole = [f"{date}T{_TIMES[i % len(_TIMES)]}" for i, date in enumerate(_DATES)]
    found = [f"{text}{zones[i % len(zones)]}" for i, text in enumerate(whole)]
    return found + [f"2024-06-15T{_TIMES[i % len(_TIMES)]}{zone}" for i, zone in enumerate(zones)]


def _times_of_day(schema: Mapping[str, Any]) -> list[str]:
    zones = _zones(schema)
    naive = list(_TIMES) if "" in zones else []
    return naive + [f"{_TIMES[i % len(_TIMES)]}{zone}" for i, zone in enumerate(zones)]


def _timedelta(text: str) -> dt.timedelta:
    sign = -1 if text.startswith("-") else 1
    days, _, clock = text.lstrip("-").removeprefix("P").partition("T")
    total = dt.timedelta(days=float(days.rstrip("D") or 0))
    number = ""
    for character in clock:
        if character in "HMS":
            total += dt.timedelta(**{_UNITS[character]: float(number)})
            number = ""
        else:
            number += character
    return sign * total


_UNITS = {"H": "hours", "M": "minutes", "S": "seconds"}


def _iso_duration(value: dt.timedelta) -> str:
    sign = "-" if value < dt.timedelta() else ""
    value = abs(value)
    seconds = value.seconds + value.microseconds / 10**6
    clock = f"T{seconds:f}".rstrip("0").rstrip(".") + "S" if seconds else ""
    days = f"{value.days}D" if value.days or not clock else ""
    return f"{sign}P{days}{clock}"


def _iso(value: Any) -> str:
    return str(value.isoformat())


# What bounds are compared with: how a text becomes a value, how a value becomes a text, and
# the smallest steps beside a bound.
_COMPARED: dict[str, tuple[Parse, Callable[[Any], str], tuple[Any, ...]]] = {
    "date": (dt.date.fromisoformat, _iso, (dt.timedelta(days=1), dt.timedelta(days=40))),
    "date-time": (
        dt.datetime.fromisoformat,
        _iso,
        (dt.timedelta(microseconds=1), dt.timedelta(seconds=1), dt.timedelta(days=40)),
    ),
    "time": (dt.time.fromisoformat, _iso, ()),
    "duration": (_timedelta, _iso_duration, (dt.timedelta(seconds=1), dt.timedelta(days=1))),
}


def format_node(schema: Mapping[str, Any], name: str) -> Node | None:
    """Strings of a format, within the other bounds of a schema; None: an unknown format."""
    if name == "decimal":
        return _decimal_node(schema)
    if name in ("uri", "multi-host-uri", "iri"):
        values: Sequence[str] = _urls(schema, FORMATS[name])
    elif name == "date-time":
        values = _date_times(schema)
    elif name == "time":
        values = _times_of_day(schema)
    elif name in FORMATS:
        values = FORMATS[name]
    else:
        return None
    if name in _COMPARED:
        values = _within(schema, name, values)
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)
    size = schema.get("x-bytes")
    if size is not None:
        values = [text for text in _bytes_of(size) if size[0] <= _decoded(text) <= size[1]]
    fitting = [text for text in values if least <= len(text) <= most and is_carried(text, schema)]
    if not fitting:
        return Nothing(f"no {name} was found within {_limits(schema)}")
    kept = distinct(fitting)[:64]
    return Moments(kept, name) if is_movable(name, schema) else Table(kept)


def _limits(schema: Mapping[str, Any]) -> str:
    limits = {**schema.get("x-bounds", {})}
    limits |= {key: schema[key] for key in ("minLength", "maxLength") if key in schema}
    return ", ".join(f"{key} {value}" for key, value in limits.items()) or "these bounds"


def _decoded(text: str) -> int:
    return len(base64.b64decode(text))


def _bytes_of(size: tuple[int, float]) -> list[str]:
    """Base64 of bytes whose number is bounded."""
    least, most = size
    lengths = {least, least + 1, *([int(most)] if most <= 65536 else [])}
    edges = [b"a" * length for length in sorted(lengths)] + [b"\xff" * least]
    found = [*edges, *_PLAIN_BYTES, *nasty.BINARY]
    return [base64.b64encode(data).decode("ascii") for data in found]


def _within(schema: Mapping[str, Any], name: str, values: Sequence[str]) -> list[str]:
    """The values within `x-bounds` (`ge`, `gt`, `le`, `lt`) and before or after the present."""
    parse, write, steps = _COMPARED[name]
    bounds: Mapping[str, Any] = schema.get("x-bounds", {})
    now = schema.get("x-now")
    found = list(values)
    for bound in bounds.values():
        found.append(write(bound))
        for step in steps:
            for sign in (1, -1):
                try:
                    found.append(write(bound + sign * step))
                except OverflowError:
                    continue

    def fits(text: str) -> bool:
        value = parse(text)
        # What lies about today would be past in one run and future in the next.
        if now is not None and (value.year < 2020) != (now == "past"):
            return False
        if now == "future" and value.year < 2100:
            return False
        return all(_compares(value, kind, bound) for kind, bound in bounds.items())

    return [text for text in found if fits(text)] if bounds or now else found


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda value, bound: bool(value >= bound),
    "gt": lambda value, bound: bool(value > bound),
    "le": lambda value, bound: bool(value <= bound),
    "lt": lambda value, bound: bool(value < bound),
}


def _compares(value: Any, kind: str, bound: Any) -> bool:
    try:
        return _COMPARISONS[kind](value, bound)
    except TypeError:  # one has a time zone and the other has none
        return False


def _urls(schema: Mapping[str, Any], values: Sequence[str]) -> list[str]:
    schemes = schema.get("x-schemes")
    if not schemes:
        return list(values)
    kept = [url for url in values if urlsplit(url).scheme in schemes]
    rests = (
        "://user:pass@localhost:5432/app",
        "://localhost/0",
        "://localhost",
        "://example.com/a",
    )
    if not kept or not set(schemes) <= {"http", "https", "ws", "wss", "ftp", "file"}:
        kept += [f"{scheme}{rest}" for scheme in schemes for rest in rests]
    return kept


def _decimal_node(schema: Mapping[str, Any]) -> Node:
    """Decimal numbers: as text, and (`x-number`) as a JSON number where that says the same."""
    bounds: Mapping[str, Any] = schema.get("x-bounds", {})
    digits, places, step = (schema.get(key) for key in ("x-digits", "x-places", "x-multiple"))
    unit = Decimal(1).scaleb(-places) if places is not None else Decimal("0.01")
    candidates = [Decimal(text) for text in _DECIMALS]
    for bound in map(Decimal, map(str, bounds.values())):
        candidates += [bound, bound + unit, bound - unit, bound + 1, bound - 1]
    if step is not None:
        candidates += [Decimal(str(step)) * count for count in (*range(-5, 25), 100, 1000)]

    def fits(value: Decimal) -> bool:
        return (
            all(_compares(value, kind, Decimal(str(bound))) for kind, bound in bounds.items())
            and (digits is None or _digits(value, places or 0) <= digits)
            and (places is None or _places(value) <= places)
            and (step is None or value % Decimal(str(step)) == 0)
        )

    values: list[Any] = [str(value) for value in candidates if fits(value)]
    if schema.get("x-number"):
        values += [number for number in map(_as_number, values) if number is not None]
    if not values:
        return Nothing(f"no decimal number was found within {_limits(schema)}")
    values = distinct(values)
    return Plain(values[:40], values[40:]) if len(values) > 64 else Table(values)


def _digits(value: Decimal, places: int) -> int:
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    whole = max(len(digits) + exponent, 0)
    return max(len(digits) + max(exponent, 0), whole + max(-exponent, places), -exponent)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return max(-exponent, 0)


def _as_number(text: str) -> int | float | None:
    if text.lstrip("-").isdigit():
        return int(text)
    return float(text) if repr(float(text)) == text else None
