"""The selector, for who uses it without the loop."""

from __future__ import annotations

import selectors
import socket
import threading

from pytest_routes.simulator.selector import SettlingSelector


def test_without_a_loop_it_is_a_selector_like_any_other() -> None:
    reading, writing = socket.socketpair()
    with reading, writing, SettlingSelector() as selector:
        reads = selector.register(reading, selectors.EVENT_READ, "reads")
        writes = selector.register(writing, selectors.EVENT_WRITE)
        assert (reads.fileobj, reads.data, writes.data) == (reading, "reads", None)
        assert selector.select(0) == [(writes, selectors.EVENT_WRITE)]
        assert selector.unregister(writing) == writes
        assert selector.select(0) == []
        later = threading.Timer(0.05, writing.send, [b"hi"])
        later.start()
        assert selector.select() == [(reads, selectors.EVENT_READ)]
        later.join()
