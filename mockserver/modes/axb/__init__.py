"""AXB: A and B reach each other through X."""
