"""ASGI spoken with mistakes: each is silent on one server and fatal on another."""


async def sends_first(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.send", "text": "welcome"})
    await send({"type": "websocket.accept"})


async def empty_send(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send"})


async def text_headers(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept", "headers": [("x-server", "raw")]})
    while (await receive())["type"] == "websocket.receive":
        pass


async def reads_the_end(scope, receive, send):
    """Takes the disconnect for a message."""
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        text = event["text"] if "text" in event else event["bytes"]
        await send({"type": "websocket.send", "text": str(text)})


async def accepts_twice(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.accept"})
    while (await receive())["type"] == "websocket.receive":
        pass


async def misspelt(scope, receive, send):
    assert scope["type"] == "websocket"
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if event.get("text") == "close":
            await send({"type": "websocket.disconnect", "code": 1000})
            return
