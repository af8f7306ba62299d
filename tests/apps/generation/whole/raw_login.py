# Bug: "whoami" after logout. login (user/password) -> logout -> profile
import json

USERS = {"ada": "lovelace", "alan": "turing"}


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    session = {"state": "anonymous", "user": None}

    async def reply(**fields):
        await send({"type": "websocket.send", "text": json.dumps(fields)})

    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        try:
            message = json.loads(event.get("text") or "null")
        except ValueError:
            message = None
        if not isinstance(message, dict):
            await reply(error="expected an object")
            continue
        what = message.get("event")
        if what == "login":
            user = message.get("username")
            if isinstance(user, str) and user in USERS and USERS[user] == message.get("password"):
                session = {"state": "known", "user": {"name": user}}
                await reply(welcome=user)
            else:
                await reply(error="wrong credentials")
        elif session["state"] != "known":
            await reply(error="login first")
        elif what == "logout":
            session["user"] = None
            await reply(bye=True)
        elif what == "profile":
            await reply(profile=session["user"]["name"])  # the bug
        else:
            await reply(error="unknown event")
