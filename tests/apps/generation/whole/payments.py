# Bug: The same idempotency key with another amount. {"op": "charge", "idempotency_key": "k",
# "amount": 1, "currency": "EUR"} / {"op": "charge", "idempotency_key": "k", "amount": 2,
# "currency": "EUR"}
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError


class Charge(BaseModel):
    op: Literal["charge"]
    idempotency_key: Annotated[str, Field(min_length=1, max_length=64)]
    amount: Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=2)]
    currency: Literal["EUR", "USD", "GBP"]


class Refund(BaseModel):
    op: Literal["refund"]
    idempotency_key: str
    charge: int


Operation = TypeAdapter(Annotated[Charge | Refund, Field(discriminator="op")])
app = FastAPI()


@app.websocket("/ws")
async def payments(ws: WebSocket):
    await ws.accept()
    seen: dict[str, tuple] = {}
    charges: list[Charge] = []
    try:
        while True:
            try:
                operation = Operation.validate_json(await ws.receive_text())
            except ValidationError as invalid:
                await ws.send_json({"errors": invalid.error_count()})
                continue
            if isinstance(operation, Refund):
                known = 0 <= operation.charge < len(charges)
                await ws.send_json({"refunded": known})
                continue
            key = operation.idempotency_key
            if key in seen:
                assert seen[key] == (operation.amount, operation.currency)  # the bug
                await ws.send_json({"replayed": True})
                continue
            seen[key] = (operation.amount, operation.currency)
            charges.append(operation)
            await ws.send_json({"charge": len(charges) - 1})
    except WebSocketDisconnect:
        pass
