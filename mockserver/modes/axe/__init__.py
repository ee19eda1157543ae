"""AXE: anybody reaches A through X and A's extension."""
