"""What a client proves its identity with, parsed from text, and never shown."""

from __future__ import annotations

import base64
import os
import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from pytest_routes.routes.globs import nearest

Scheme: TypeAlias = Literal["bearer", "basic", "header", "query", "cookie"]

FORMS: dict[Scheme, str] = {
    "bearer": "bearer:TOKEN",
    "basic": "basic:USER:PASSWORD",
    "header": "header:NAME:VALUE",
    "query": "query:NAME:VALUE",
    "cookie": "cookie:NAME:VALUE",
}
MASK = "***"

_VARIABLE = re.compile(r"(?<!\S)\$(?:(\w+)|\{(\w+)\})(?!\S)")
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A header's or cookie's name (RFC 9110, 5.6.2)."""


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Credentials of one client.

    `name` is the user of `basic`, and the name of the header, query parameter or cookie;
    `secret` is the token, password or value. `repr` and `str` show neither.
    """

    scheme: Scheme
    name: str
    secret: str
    shown: str = field(compare=False, default="")
    """As it was written, with the secret masked; a `$NAME` is left as it was."""

    def __repr__(self) -> str:
        return f"Credentials({str(self)!r})"

    def __str__(self) -> str:
        return self.shown or ":".join(filter(None, (self.scheme, self.name, MASK)))

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that show these credentials (RFC 9110, 11.6.2; RFC 6265, 4.2)."""
        match self.scheme:
            case "bearer":
                return (("authorization", f"Bearer {self.secret}"),)
            case "basic":
                return (("authorization", f"Basic {self._basic}"),)
            case "header":
                return ((self.name, self.secret),)
            case "cookie":
                return (("cookie", f"{self.name}={self.secret}"),)
            case "query":
                return ()

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query parameters that show these credentials, not percent-encoded."""
        return ((self.name, self.secret),) if self.scheme == "query" else ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every text by which the secret could be recognised in output."""
        return (self.secret, self._basic) if self.scheme == "basic" else (self.secret,)

    @property
    def _basic(self) -> str:
        return base64.b64encode(f"{self.name}:{self.secret}".encode()).decode("ascii")


def parse(text: str) -> Credentials:
    """Read `bearer:TOKEN` and the other `FORMS`.

    A word `$NAME` or `${NAME}` of a part stands for an environment variable's value. Raises
    ValueError that says what was expected, without the secret.
    """
    scheme, _, rest = text.partition(":")
    if scheme not in get_args(Scheme):
        guess = nearest(scheme, FORMS)
        raise ValueError(
            f"expected one of {', '.join(FORMS.values())}"
            + (f", did you mean {guess}?" if guess else "")
        )
    kind: Scheme = scheme  # type: ignore[assignment]
    name, colon, secret = ("", ":", rest) if kind == "bearer" else rest.partition(":")
    if not colon or not secret or (not name and kind != "bearer"):
        raise ValueError(f"expected {FORMS[kind]}, a part of it is empty")
    shown = ":".join(filter(None, (kind, name, _masked(secret))))
    credentials = Credentials(kind, _filled(name), _filled(secret), shown)
    _check_sendable(credentials)
    return credentials


def masked(text: str) -> str:
    """`text` as it may be shown when it may be, or may have been meant as, credentials."""
    scheme, colon, rest = text.partition(":")
    if not colon or (scheme not in FORMS and not nearest(scheme, FORMS)):
        return _masked(text) if text else ""
    name, colon, secret = rest.partition(":")
    if scheme in ("basic", "header", "query", "cookie") and colon:
        return f"{scheme}:{name}:{_masked(secret) if secret else ''}"
    return f"{scheme}:{_masked(rest) if rest else ''}"


def _masked(secret: str) -> str:
    return secret if _VARIABLE.fullmatch(secret) else MASK


def _filled(part: str) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        found = os.environ.get(name)
        if not found:
            state = "not set" if found is None else "empty"
            raise ValueError(f"the environment variable {name} is {state}")
        return found

    return _VARIABLE.sub(value, part)


def _check_sendable(credentials: Credentials) -> None:
    if credentials.scheme in ("header", "cookie") and not TOKEN.fullmatch(credentials.name):
        raise ValueError(f"expected {FORMS[credentials.scheme]} with a legal name")
    if credentials.scheme != "query":
        for _, value in credentials.headers:
            check_header_value(value)
    if credentials.scheme == "cookie" and ";" in credentials.secret:
        raise ValueError(f"expected {FORMS['cookie']}, with no ; in the value")


def check_header_value(value: str) -> str:
    """Return `value`, or raise ValueError when no header can carry it (RFC 9110, 5.5)."""
    if any(ord(character) < 32 and character != "\t" for character in value) or "\x7f" in value:
        raise ValueError("expected a value without control characters")
    if not value.isascii():
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            raise ValueError("expected a value that Latin-1 can encode") from None
    return value
