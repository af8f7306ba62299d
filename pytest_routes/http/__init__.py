"""The engine for HTTP routes."""
