"""The applications a newcomer starts with: echo, chat, one-shot, pub/sub, private."""
