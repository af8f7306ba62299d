# Bug: PART from a channel that was joined and already parted. NICK bob / JOIN #a / PART #a /
# PART #a
import re

from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

LINE = re.compile(r"(?P<verb>NICK|JOIN|PART|PRIVMSG) (?P<target>[#\w]+)(?: :(?P<text>.*))?")


@websocket("/ws")
async def irc(socket: WebSocket) -> None:
    await socket.accept()
    nick = None
    channels: dict[str, set] = {}
    try:
        while True:
            line = await socket.receive_text()
            m = LINE.fullmatch(line.strip())
            if m is None:
                await socket.send_text("421 unknown command")
                continue
            target = m["target"]
            if m["verb"] == "NICK":
                nick = target
                await socket.send_text(f"001 {nick}")
            elif nick is None:
                await socket.send_text("451 not registered")
            elif m["verb"] == "JOIN":
                if not target.startswith("#"):
                    await socket.send_text("403 no such channel")
                    continue
                channels.setdefault(target, set()).add(nick)
                await socket.send_text(f"332 {target}")
            elif m["verb"] == "PART":
                if target not in channels:
                    await socket.send_text("442 not on channel")
                    continue
                channels[target].remove(nick)  # the bug
                await socket.send_text(f"PART {target}")
            else:
                await socket.send_text(f"PRIVMSG {target} :{m['text'] or ''}")
    except WebSocketDisconnect:
        pass


app = Litestar([irc])
