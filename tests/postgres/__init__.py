"""Several servers with one set of worlds: a real PostgreSQL, nginx before two nodes, and what is done to them."""
