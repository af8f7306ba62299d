"""Correct applications that do what looks suspicious: none may be reported."""
