"""A customer's server in the standard library alone, and the same with faults."""
