# Bug: Closing an account with money in it. {"kind": "open", "owner": "a"} / {"kind": "deposit",
# "account": 1, "cents": 1} / {"kind": "close", "account": 1}
import itertools

import msgspec
from fastapi import FastAPI, WebSocket, WebSocketDisconnect


class Base(msgspec.Struct, tag_field="kind"):
    pass


class Open(Base, tag="open"):
    owner: str


class Deposit(Base, tag="deposit"):
    account: int
    cents: int


class Withdraw(Base, tag="withdraw"):
    account: int
    cents: int


class Close(Base, tag="close"):
    account: int


decoder = msgspec.json.Decoder(Open | Deposit | Withdraw | Close)
app = FastAPI()


@app.websocket("/ws")
async def bank(ws: WebSocket):
    await ws.accept()
    numbers = itertools.count(1)
    balances: dict[int, int] = {}
    try:
        while True:
            try:
                request = decoder.decode(await ws.receive_text())
            except msgspec.ValidationError as error:
                await ws.send_json({"invalid": str(error)})
                continue
            except msgspec.DecodeError:
                await ws.send_json({"invalid": "json"})
                continue
            if isinstance(request, Open):
                number = next(numbers)
                balances[number] = 0
                await ws.send_json({"account": number})
                continue
            if request.account not in balances:
                await ws.send_json({"error": "no such account"})
                continue
            match request:
                case Deposit(cents=cents) if cents > 0:
                    balances[request.account] += cents
                case Withdraw(cents=cents) if 0 < cents <= balances[request.account]:
                    balances[request.account] -= cents
                case Close():
                    balance = balances.pop(request.account)
                    if balance:
                        raise RuntimeError("money is lost")  # the bug
                    await ws.send_json({"closed": True})
                    continue
                case _:
                    await ws.send_json({"error": "amount"})
                    continue
            await ws.send_json({"balance": balances[request.account]})
    except (WebSocketDisconnect, UnicodeError):
        pass
