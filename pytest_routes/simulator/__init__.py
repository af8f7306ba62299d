"""An in-process ASGI server on an event loop of its own; it knows neither pytest nor Hypothesis."""
