"""pytest-routes: talk to every route of an ASGI application, and show what breaks."""
