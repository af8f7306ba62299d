"""The threads that do nothing to an application: pytest's, those of a debugger or of pytest-xdist.

The plugin imports this before anything of the user's is loaded. A thread that comes later may be
an application's, which has started it when it was imported, say, and may call back into its loop
whenever it likes.
"""

from __future__ import annotations

import threading

STRANGERS = frozenset(threading.enumerate())


def writes_logs(thread: threading.Thread) -> bool:
    """Litestar starts such a thread for each application (`logging.handlers.QueueListener`)."""
    listener = getattr(getattr(thread, "_target", None), "__self__", None)
    return any(
        cls.__name__ == "QueueListener" and cls.__module__ == "logging.handlers"
        for cls in type(listener).__mro__
    )
