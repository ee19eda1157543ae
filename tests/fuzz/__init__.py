"""Makes inputs by the ten thousand and counts what comes of them; `make fuzz` runs it."""
