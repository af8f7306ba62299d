"""Keeps what an application allocates within bounds.

`"a" * data["count"]` is one line, and with the right message it is all the memory that the
machine has. While the application runs, the process may grow by so much and no more; beyond
that it gets a `MemoryError`, which is a finding like any other exception.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

GROWTH = 2 * 1024**3
"""Bytes of address space that may be added to what the process has."""


@contextmanager
def bounded_memory(growth: int = GROWTH) -> Iterator[None]:
    """While entered, the process's address space grows by `growth` bytes at most.

    Where the system cannot tell or limit it (anything but Linux), nothing is bounded; a lower
    limit that is set already stays.
    """
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    except (ImportError, OSError):
        yield
        return
    limit = used + growth
    for present in (soft, hard):
        if present != resource.RLIM_INFINITY and present <= limit:
            yield
            return
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
