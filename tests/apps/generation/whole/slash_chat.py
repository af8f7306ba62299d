# Bug: The topic of a channel that the user left. /join #a / /part #a / /topic #a x
import shlex

from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect


class Quit(Exception):
    pass


class Chat:
    def __init__(self):
        self.channels = {}
        self.ever = set()

    def cmd_join(self, channel):
        if not channel.startswith("#") or len(channel) < 2:
            return "channels begin with #"
        self.channels.setdefault(channel, {"topic": ""})
        self.ever.add(channel)
        return f"joined {channel}"

    def cmd_part(self, channel):
        if self.channels.pop(channel, None) is None:
            return "you are not there"
        return f"left {channel}"

    def cmd_topic(self, channel, *words):
        if channel not in self.ever:
            return "no such channel"
        self.channels[channel]["topic"] = " ".join(words)  # the bug
        return "topic set"

    def cmd_quit(self):
        raise Quit


@websocket("/ws")
async def chat(socket: WebSocket) -> None:
    await socket.accept()
    session = Chat()
    try:
        while True:
            line = await socket.receive_text()
            if not line.startswith("/"):
                await socket.send_text("> " + line)
                continue
            try:
                name, *arguments = shlex.split(line[1:])
                reply = getattr(session, f"cmd_{name}")(*arguments)
            except (ValueError, AttributeError, TypeError) as error:
                reply = f"usage: {error}"
            await socket.send_text(reply)
    except Quit:
        await socket.close()
    except WebSocketDisconnect:
        pass


app = Litestar([chat])
