"""Applications that the tests run: small, and as people write them.

They do not use `from __future__ import annotations`: FastAPI and Litestar read their
handlers' annotations at run time, and so most applications do without it.
"""
