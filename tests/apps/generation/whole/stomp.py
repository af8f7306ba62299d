# Bug: UNSUBSCRIBE without an id header. CONNECT\naccept-version:1.2\n\n\0 then UNSUBSCRIBE\n\n\0
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


def parse(frame):
    head, _, body = frame.partition("\n\n")
    command, *lines = head.split("\n")
    headers = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError("malformed header")
        headers[key] = value
    return command, headers, body.rstrip("\0")


async def broker(ws):
    await ws.accept()
    connected = False
    subs = {}
    try:
        while True:
            frame = await ws.receive_text()
            try:
                command, headers, body = parse(frame)
            except ValueError as e:
                await ws.send_text(f"ERROR\nmessage:{e}\n\n\0")
                continue
            if command == "CONNECT":
                connected = "accept-version" in headers
                await ws.send_text("CONNECTED\nversion:1.2\n\n\0" if connected else "ERROR\n\n\0")
            elif not connected:
                await ws.send_text("ERROR\nmessage:not connected\n\n\0")
            elif command == "SUBSCRIBE":
                if "id" in headers and "destination" in headers:
                    subs[headers["id"]] = headers["destination"]
                    await ws.send_text("RECEIPT\n\n\0")
                else:
                    await ws.send_text("ERROR\nmessage:headers\n\n\0")
            elif command == "UNSUBSCRIBE":
                subs.pop(headers["id"], None)  # the bug
            elif command == "SEND":
                await ws.send_text(f"MESSAGE\n\n{body}\0")
            else:
                await ws.send_text("ERROR\nmessage:unknown\n\n\0")
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", broker)])
