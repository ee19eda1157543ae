"""Pushes: their bodies, the outbox, and what becomes of them."""
