"""Applications that start badly, or slowly."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from beside import beside, correct

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def _raise(app: Any) -> AsyncIterator[None]:
    raise RuntimeError("no database")
    yield


@asynccontextmanager
async def _exit(app: Any) -> AsyncIterator[None]:
    sys.exit("no database")
    yield


@asynccontextmanager
async def _hang(app: Any) -> AsyncIterator[None]:
    await asyncio.Event().wait()
    yield


@asynccontextmanager
async def _sleep(app: Any) -> AsyncIterator[None]:
    await asyncio.sleep(3600)
    yield


@asynccontextmanager
async def _work(app: Any) -> AsyncIterator[None]:
    await asyncio.to_thread(time.sleep, 2)
    time.sleep(2)
    yield


@asynccontextmanager
async def _raise_at_the_end(app: Any) -> AsyncIterator[None]:
    yield
    raise RuntimeError("no goodbye")


@asynccontextmanager
async def _hang_at_the_end(app: Any) -> AsyncIterator[None]:
    yield
    await asyncio.Event().wait()


raises = beside(correct, lifespan=_raise)
exits = beside(correct, lifespan=_exit)
hangs = beside(correct, lifespan=_hang)
sleeps = beside(correct, lifespan=_sleep)
works = beside(correct, lifespan=_work)
raises_at_the_end = beside(correct, lifespan=_raise_at_the_end)
hangs_at_the_end = beside(correct, lifespan=_hang_at_the_end)
