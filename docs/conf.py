"""Sphinx's configuration: MyST, furo, and the tables that are written from the code."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import tables

project = "pytest-routes"
author = "The pytest-routes maintainers"
project_copyright = author
release = tables.version()
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_generated"]
html_theme = "furo"
html_title = f"pytest-routes {release}"
nitpicky = True
suppress_warnings: list[str] = []

tables.write(HERE / "_generated")
