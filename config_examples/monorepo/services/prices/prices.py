"""Prices over HTTP, made by a factory."""

from __future__ import annotations

from fastapi import FastAPI


def create_app(currency: str = "EUR") -> FastAPI:
    app = FastAPI()

    @app.get("/prices/{item}")
    async def price(item: str, pieces: int = 1) -> dict[str, str]:
        return {"price": f"{len(item) * pieces} {currency}"}

    return app
