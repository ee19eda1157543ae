"""Worlds: each an isolated platform; the way of an API request through them."""
