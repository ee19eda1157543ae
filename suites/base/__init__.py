"""What every part speaks in: errors, claims, traces."""
