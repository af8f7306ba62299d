"""The threads that are no application's: pytest's, those of a debugger or of pytest-xdist.

The plugin imports this before anything of the user's is loaded. A thread that comes later may be
an application's, which has started it when it was imported, say, and may call back into its loop
whenever it likes.
"""

from __future__ import annotations

import threading

STRANGERS = frozenset(threading.enumerate())
