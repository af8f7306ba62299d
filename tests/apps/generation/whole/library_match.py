# Bug: returning a book twice. checkout(isbn) -> return(loan from answer) -> return again.
import itertools
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

BOOKS = {"9780141439518": "Pride", "9780199535569": "Emma"}


async def desk(ws):
    await ws.accept()
    loans = {}
    closed = set()
    numbers = itertools.count(4711)
    try:
        async for text in ws.iter_text():
            try:
                msg = json.loads(text)
            except ValueError:
                await ws.close(1003)
                return
            match msg:
                case {"op": "checkout", "isbn": str(isbn)} if isbn in BOOKS:
                    loan = next(numbers)
                    loans[loan] = isbn
                    await ws.send_json({"loan": loan, "title": BOOKS[isbn]})
                case {"op": "return", "loan": int(loan)} if loan in loans or loan in closed:
                    isbn = loans.pop(loan)  # the bug
                    closed.add(loan)
                    await ws.send_json({"returned": isbn})
                case {"op": "search", "text": str(q)}:
                    await ws.send_json([t for t in BOOKS.values() if q in t])
                case _:
                    await ws.send_json({"error": "what?"})
    except WebSocketDisconnect:
        return


app = Starlette(routes=[WebSocketRoute("/ws", desk)])
