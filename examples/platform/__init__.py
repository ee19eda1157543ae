"""A small AXB platform of its own: plain WSGI and dictionaries, nothing but the standard library."""
