"""Whole applications with a mistake in them, as people write them: what goes wrong is an ordinary
exception, raised in the line that ends in `# the bug`. Each file tells the shortest conversation.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def _applications() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{module.name}" + (".main" if module.ispkg else "")
        found[module.name] = importlib.import_module(name).app
    return found


APPS = _applications()
