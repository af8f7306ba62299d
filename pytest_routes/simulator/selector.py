"""The selector of the simulated loop, which notices that no callback is ready."""

from __future__ import annotations

import selectors
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

    from pytest_routes.simulator.loop import SimulatedLoop


class SettlingSelector(selectors.DefaultSelector):
    """The platform's selector, which tells its loop when no callback is ready."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: SimulatedLoop | None = None
        self._registered = 0
        self._found: list[tuple[selectors.SelectorKey, int]] = []

    def register(
        self, fileobj: FileDescriptorLike, events: int, data: Any = None
    ) -> selectors.SelectorKey:
        key = super().register(fileobj, events, data)
        self._registered += 1
        return key

    def unregister(self, fileobj: FileDescriptorLike) -> selectors.SelectorKey:
        key = super().unregister(fileobj)
        self._registered -= 1
        return key

    @property
    def foreign(self) -> bool:
        """A file descriptor other than the loop's own wake-up pipe is registered."""
        return self._registered > 1

    def look(self) -> bool:
        """Whether something has come that nobody was known to send, such as a signal's wake-up.
        It is returned by the `select` that goes on."""
        self._found = super().select(0)
        return bool(self._found)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        loop = self.loop
        if loop is None:
            return super().select(timeout)
        loop.turns += 1
        # Looking at the descriptors is a system call: while only the wake-up pipe is registered,
        # and nobody is known who would write to it, it is looked at now and then.
        worth_a_look = self._registered > 1 or not loop.turns & 31
        if timeout is not None and timeout <= 0:
            if loop.unsettled():
                return []
            return super().select(0) if worth_a_look else []
        if worth_a_look or loop.outside:
            ready = super().select(0)
            if ready:
                return ready
        wait = loop.settled(timeout)
        if self._found:
            found, self._found = self._found, []
            return found
        return super().select(wait) if wait > 0 else []
