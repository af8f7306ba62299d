"""Applications that bring their own event loop, or patch asyncio."""

from __future__ import annotations

from typing import TYPE_CHECKING

from beside import beside

if TYPE_CHECKING:
    from starlette.websockets import WebSocket


async def _nest(websocket: WebSocket) -> None:
    import nest_asyncio  # type: ignore[import-untyped,import-not-found]

    await websocket.accept()
    await websocket.receive_text()
    nest_asyncio.apply()
    raise RuntimeError("patched asyncio")


async def _uvloop(websocket: WebSocket) -> None:
    import uvloop  # type: ignore[import-not-found]

    await websocket.accept()
    await websocket.receive_text()
    uvloop.install()
    raise RuntimeError("installed uvloop")


nests = beside(_nest)
installs_uvloop = beside(_uvloop)
