"""What goes wrong with a schema."""

from __future__ import annotations


class UnsatisfiableSchema(ValueError):
    """No value satisfies a schema or type, or none could be found; the message says why."""
