"""Serves `app` with one real server on a listening socket: `python serve.py SERVER DESCRIPTOR`."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from typing import Any

from app import KILLS_AFTER, app


def uvicorn(descriptor: int, implementation: str) -> None:
    import uvicorn

    config = uvicorn.Config(app, ws=implementation, log_level="critical")
    uvicorn.Server(config).run([socket.socket(fileno=descriptor)])


def hypercorn(descriptor: int) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    config = Config()
    config.bind = [f"fd://{descriptor}"]
    config.errorlog = None
    application: Any = app
    asyncio.run(serve(application, config))


def daphne(descriptor: int) -> None:
    from daphne.server import Server, reactor

    class TirelessServer(Server):  # type: ignore[misc]
        def application_checker(self) -> None:
            # An exception of one connection ends daphne's check of all of them for ever, and what
            # the others see would depend on the order of the scenarios.
            try:
                super().application_checker()
            except Exception:
                reactor.callLater(1, self.application_checker)

    endpoint = f"fd:fileno={descriptor}"
    TirelessServer(app, endpoints=[endpoint], application_close_timeout=KILLS_AFTER).run()


SERVERS = {
    "uvicorn-websockets-sansio": lambda descriptor: uvicorn(descriptor, "websockets-sansio"),
    "uvicorn-websockets": lambda descriptor: uvicorn(descriptor, "websockets"),
    "uvicorn-wsproto": lambda descriptor: uvicorn(descriptor, "wsproto"),
    "hypercorn": hypercorn,
    "daphne": daphne,
}

if __name__ == "__main__":
    logging.disable()
    SERVERS[sys.argv[1]](int(sys.argv[2]))
