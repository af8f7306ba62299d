# Bug: header X-Tenant "beta" lacks a quota entry. {"ask": "quota"}
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

QUOTAS = {"alpha": 10, "gamma": 100}
TENANTS = ("alpha", "beta", "gamma")


async def tenant(ws):
    name = ws.headers.get("x-tenant", "alpha")
    if name not in TENANTS:
        await ws.close(4403)
        return
    await ws.accept()
    try:
        while True:
            try:
                ask = json.loads(await ws.receive_text()).get("ask")
            except (ValueError, AttributeError):
                ask = None
            if ask == "quota":
                await ws.send_json({"quota": QUOTAS[name]})  # the bug
            elif ask == "name":
                await ws.send_json({"name": name})
            else:
                await ws.send_json({"error": "ask"})
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", tenant)])
