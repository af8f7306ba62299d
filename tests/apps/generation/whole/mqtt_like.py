# Bug: binary MQTT: SUBSCRIBE (8) with empty topic. first byte type<<4, second length, CONNECT
# first.
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

CONNECT, PUBLISH, SUBSCRIBE, PINGREQ = 1, 3, 8, 12


async def mqtt(ws):
    await ws.accept(subprotocol="mqtt" if "mqtt" in ws.scope["subprotocols"] else None)
    connected = False
    topics = []
    try:
        async for packet in ws.iter_bytes():
            if len(packet) < 2:
                await ws.close(1002)
                return
            kind, _remaining = packet[0] >> 4, packet[1]
            payload = packet[2:]
            if kind == CONNECT:
                connected = True
                await ws.send_bytes(b"\x20\x02\x00\x00")
            elif not connected:
                await ws.close(1002)
                return
            elif kind == SUBSCRIBE:
                topic = payload[2:]
                if topic[0] == ord("$"):  # the bug
                    await ws.send_bytes(b"\x90\x80")
                else:
                    topics.append(topic)
                    await ws.send_bytes(b"\x90\x00")
            elif kind == PUBLISH:
                await ws.send_bytes(b"\x40")
            elif kind == PINGREQ:
                await ws.send_bytes(b"\xd0\x00")
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", mqtt)])
