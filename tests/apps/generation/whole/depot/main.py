# Bug: create -> remove(ref) -> inspect(ref). Constants in another module, store in a third.
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from . import protocol as p
from .store import Depot


async def endpoint(ws):
    await ws.accept()
    depot = Depot()
    try:
        while True:
            try:
                data = json.loads(await ws.receive_text())
            except ValueError:
                data = {}
            if not isinstance(data, dict):
                data = {}
            kind = data.get(p.FIELD_KIND)
            if kind == p.CREATE:
                weight = data.get("weight")
                if not isinstance(weight, int) or not p.LIMITS["min"] <= weight <= p.LIMITS["max"]:
                    await ws.send_json({"error": "weight"})
                    continue
                await ws.send_json({p.FIELD_REF: depot.create(weight)})
            elif kind in (p.REMOVE, p.INSPECT):
                ref = data.get(p.FIELD_REF)
                if not isinstance(ref, str) or not depot.knows(ref):
                    await ws.send_json({"error": "ref"})
                elif kind == p.REMOVE:
                    depot.remove(ref)
                    await ws.send_json({"ok": True})
                else:
                    await ws.send_json(depot.inspect(ref))
            else:
                await ws.send_json({"error": "kind"})
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", endpoint)])
