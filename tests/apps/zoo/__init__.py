"""Bugs as they were reported to trackers of real projects, each in one or more frameworks.

Where a docstring names an issue, it is where the class of bug was seen; the code is ours.
"""
